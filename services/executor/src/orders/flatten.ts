import { emitEvent, ServiceError } from '@aistock/service-kit';
import type { executorApi, Parsed } from '@aistock/shared';
import { isOpenAtVenue } from '@aistock/trading/orders';
import { readAccount } from '../books/account-view.ts';
import { cancelBracket, cancelOrder, type CancelParts } from './cancel-order.ts';
import { closePositions, type CloseParts } from './close-positions.ts';
import { readOrder } from './order-row.ts';

type Asked = Parsed<typeof executorApi.flatten>['body'];

/** What was done, by order id, and what could not be. */
export interface Flattened {
  readonly cancelled: readonly string[];
  readonly orders: readonly string[];
  readonly problems: readonly string[];
}

/**
 * Leaves everything that an account holds: cancels what works, exits included, then closes each position with a
 * reduce-only market order through the gate. Nothing waits for their fills.
 * @throws ServiceError `account_unknown`.
 */
export async function flatten(parts: CancelParts & CloseParts, asked: Asked): Promise<Flattened> {
  const { db } = parts;
  const { account } = asked;
  await readAccount(db, account);
  await db
    .transaction()
    .execute((trx) => emitEvent(trx, { kind: 'account.flattened', subject: account, payload: asked }));
  const problems: string[] = [];
  const cancelled = await cancelAll(parts, account, problems);
  const orders = await closePositions(parts, account, problems);
  return { cancelled, orders, problems };
}

/** Cancels every order that can still fill; entries come before the exits that wait for them. */
async function cancelAll(parts: CancelParts, account: string, problems: string[]): Promise<string[]> {
  const { db } = parts;
  const working = await db
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('status', 'in', ['PENDING', 'CHECKED', 'SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED'])
    .orderBy('created_at')
    .execute();
  const entries = working.filter((order) => order.parent_order_id === null);
  const exits = working.filter((order) => order.parent_order_id !== null && order.status !== 'PENDING');
  for (const order of [...entries, ...exits]) {
    try {
      await (order.parent_order_id === null ? cancelBracket(parts, order) : cancelOrder(parts, order));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
    const left = await readOrder(db, order.order_id);
    if (left && isOpenAtVenue(left.status))
      problems.push(`order ${left.order_id} could not be cancelled and is ${left.status}: it may still fill`);
  }
  return working.map((order) => order.order_id);
}
