import type { Db, OrderRow } from '@aistock/database';
import { emitEvent, ServiceError, type Clock } from '@aistock/service-kit';
import type { executorApi, OrderIntent, Parsed } from '@aistock/shared';
import { decisionId } from '@aistock/trading/orders';
import { readAccount } from '../books/account-view.ts';
import { readClock } from '../paper/paper-clock.ts';
import { cancelBracket, cancelOrder, type CancelParts } from './cancel-order.ts';
import { submitIntent } from './submit-intent.ts';

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
export async function flatten(
  parts: CancelParts & { readonly clock: Clock },
  asked: Asked,
): Promise<Flattened> {
  const { db, clock } = parts;
  const { account } = asked;
  await readAccount(db, account);
  await db
    .transaction()
    .execute((trx) => emitEvent(trx, { kind: 'account.flattened', subject: account, payload: asked }));
  const problems: string[] = [];
  const cancelled = await cancelAll(parts, account, problems);
  const orders: string[] = [];
  for (const position of await openPositions(db, account)) {
    const last = await lastOrder(db, account, position.instrument);
    if (!last) problems.push(`no order of ${account} ever filled in ${position.instrument}`);
    else orders.push(await submitIntent(parts, await closing(db, last, position.quantity, clock.nowMs())));
  }
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
      problems.push(error.message);
    }
  }
  return working.map((order) => order.order_id);
}

async function openPositions(db: Db, account: string) {
  return db
    .selectFrom('trading.position')
    .select(['instrument', 'quantity'])
    .where('account', '=', account)
    .where('quantity', '<>', '0')
    .orderBy('instrument')
    .execute();
}

/** The newest order of the account that filled in an instrument: whose position it is, and whose bars fill it. */
async function lastOrder(db: Db, account: string, instrument: string): Promise<OrderRow | undefined> {
  return db
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('instrument', '=', instrument)
    .where('filled_quantity', '>', '0')
    .orderBy('as_of', 'desc')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** An intent to close a position, decided now by the clock of the account; each call is a decision of its own. */
async function closing(db: Db, last: OrderRow, held: string, nowMs: number): Promise<OrderIntent> {
  const { account, slot, strategy, instrument, stream, config_id } = last;
  const atMs = (await readClock(db, account, stream))?.clockMs ?? nowMs;
  const leg = `flatten_${nowMs}`;
  const isLong = !held.startsWith('-');
  return {
    decision_id: decisionId({ account, slot, strategy, instrument, stream, barOpenMs: atMs, leg }),
    account,
    strategy,
    slot,
    instrument,
    stream,
    leg,
    config_id,
    side: isLong ? 'sell' : 'buy',
    order_type: 'market',
    quantity: isLong ? held : held.slice(1),
    limit_price: null,
    stop_price: null,
    trail_bps: null,
    time_in_force: 'gtc',
    extended_hours: false,
    reduce_only: true,
    protection: null,
    bar_open_ms: atMs,
    as_of_ms: atMs,
  };
}
