import { setTimeout as delay } from 'node:timers/promises';
import type { Db, OrderRow } from '@aistock/database';
import { ServiceError, type Logger } from '@aistock/service-kit';
import { isOpenAtVenue } from '@aistock/trading/orders';
import type { AccountTurns } from '../account-turns.ts';
import { takeAll, type TakeParts } from '../reconcile/take-all.ts';
import { closeOrder } from './change-order.ts';
import { loseTrack } from './lose-track.ts';
import { lockOrder, readOrder } from './order-row.ts';
import { within } from './within.ts';

/** Between two looks at whether the venue has done it, in ms. */
const POLL_MS = 50;

export interface CancelParts extends TakeParts {
  readonly turns: AccountTurns;
  readonly logger: Logger;
  /** How long the venue may take to end an order, in ms; then its outcome is unknown. */
  readonly cancelTimeoutMs: number;
}

/**
 * Cancels an order here while it has not left, at the venue once it works there; one that has ended stays. Where this
 * returns, the order has ended or is UNKNOWN.
 * @throws ServiceError `order_outcome_unknown` or `exit_waits_for_entry`.
 */
export function cancelOrder(parts: CancelParts, order: OrderRow): Promise<void> {
  return parts.turns.run(order.account, () => cancelOne(parts, order));
}

/** The same for an order and, where it is the entry of a bracket, whatever of its exits works. */
export function cancelBracket(parts: CancelParts, entry: OrderRow): Promise<void> {
  return parts.turns.run(entry.account, async () => {
    await cancelOne(parts, entry);
    const exits = await parts.db
      .selectFrom('trading.orders')
      .selectAll()
      .where('parent_order_id', '=', entry.order_id)
      .where('status', '<>', 'PENDING')
      .orderBy('part')
      .execute();
    for (const exit of exits) await cancelOne(parts, exit);
  });
}

async function cancelOne(parts: CancelParts, asked: OrderRow): Promise<void> {
  const { db, reconciler } = parts;
  const order = await endUnsent(db, asked);
  if (order.status === 'SENDING' || order.status === 'UNKNOWN') throw outcomeUnknown(order);
  if (!isOpenAtVenue(order.status) || (await endAtVenue(parts, order))) return;
  await db.transaction().execute(async (trx) => {
    const locked = await lockOrder(trx, order);
    if (isOpenAtVenue(locked.status)) await loseTrack(trx, locked, 'cancel_unanswered');
  });
  reconciler.nudge(order.account);
}

/** The order as it is, ended where nothing of it has left. */
async function endUnsent(db: Db, asked: OrderRow): Promise<OrderRow> {
  return db.transaction().execute(async (trx) => {
    const order = await lockOrder(trx, asked);
    if (order.status !== 'PENDING') return order;
    if (order.parent_order_id !== null) {
      const detail = `exit ${order.order_id} waits for its entry ${order.parent_order_id}; cancel that one`;
      throw new ServiceError('exit_waits_for_entry', 409, detail);
    }
    return closeOrder(trx, order, 'cancel', 'asked_for');
  });
}

function outcomeUnknown({ order_id: orderId }: OrderRow): ServiceError {
  const detail = `the outcome of order ${orderId} is not known yet; it can be cancelled once it is`;
  return new ServiceError('order_outcome_unknown', 409, detail, { headers: { 'retry-after': '1' } });
}

/** Asks the venue and takes its reports until the order has ended; answers whether it has within the time. */
async function endAtVenue(parts: CancelParts, order: OrderRow): Promise<boolean> {
  const { db, broker, logger, cancelTimeoutMs } = parts;
  const untilMs = performance.now() + cancelTimeoutMs;
  try {
    await within(cancelTimeoutMs, () => broker.cancel(order.account, order.client_order_id));
    for (;;) {
      await takeAll(parts, order.account);
      const now = await readOrder(db, order.order_id);
      if (now && !isOpenAtVenue(now.status)) return true;
      if (performance.now() >= untilMs) return false;
      await delay(POLL_MS);
    }
  } catch (error) {
    logger.error('the venue did not answer a cancel', { order_id: order.order_id, error });
    return false;
  }
}
