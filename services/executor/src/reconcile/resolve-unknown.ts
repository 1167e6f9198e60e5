import type { Db, OrderRow } from '@aistock/database';
import { sql } from 'kysely';
import type { Broker } from '../broker.ts';
import { closeOrder } from '../orders/change-order.ts';
import { loseTrack } from '../orders/lose-track.ts';
import { lockOrder } from '../orders/order-row.ts';
import { changeOrder, type OrderChange } from '../orders/write-order.ts';

export interface UnknownRules {
  /** How long after send_started, or after the answer was given up, the venue may still come to know the order, in ms. */
  readonly quiescenceMs: number;
  /** An intent older than this is not sent again, in ms. */
  readonly intentTtlMs: number;
}

/** What became of orders whose outcome was unknown. */
export interface Resolved {
  /** Orders that the venue's complete history does not have. */
  readonly absent: number;
  /** Client order ids of those that it is too early to judge. */
  readonly open: readonly string[];
}

/**
 * Settles SENDING and UNKNOWN orders that the venue does not have: its complete history is positive evidence once
 * nothing can be on its way any more. A young one goes back to be checked and sent under the same client order id,
 * an old one is never sent. Orders that the venue does have are taken over by its reports.
 */
export async function resolveUnknown(
  db: Db,
  broker: Broker,
  account: string,
  rules: UnknownRules & { readonly isPlacing: (orderId: string) => boolean },
): Promise<Resolved> {
  const orders = await db
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('status', 'in', ['SENDING', 'UNKNOWN'])
    .orderBy('created_at')
    .execute();
  let absent = 0;
  const open: string[] = [];
  for (const order of orders) {
    if (rules.isPlacing(order.order_id)) continue;
    const settled = await settleAbsent(db, broker, order, rules);
    if (settled) absent += 1;
    else open.push(order.client_order_id);
  }
  return { absent, open };
}

/** Answers whether the order is settled: that the venue never had it. */
async function settleAbsent(db: Db, broker: Broker, order: OrderRow, rules: UnknownRules): Promise<boolean> {
  if (order.broker_order_id !== null) return false; // the venue had it: its word is missing, not the order
  const ages = await readAges(db, order);
  if (ages.quiet_ms < rules.quiescenceMs) return false;
  // Asked only after the window: an answer from before it could have been overtaken by the order.
  if (await broker.findOrder(order.account, order.client_order_id)) return false;
  return db.transaction().execute(async (trx) => {
    const locked = await lockOrder(trx, order);
    if (locked.status !== order.status || locked.permit_id !== order.permit_id) return false;
    const unknown = locked.status === 'SENDING' ? await loseTrack(trx, locked, 'interrupted') : locked;
    if (ages.age_ms > rules.intentTtlMs) await closeOrder(trx, unknown, 'lapse', 'never_reached_venue');
    else await changeOrder(trx, unknown, 'find_absent', NEVER_SENT);
    return true;
  });
}

const NEVER_SENT: OrderChange = { reason: 'never_reached_venue', permit_id: null, send_started_at: null };

/** By the database's clock: since its last step, which is send_started or giving up, and since the intent was taken. */
async function readAges(db: Db, order: OrderRow): Promise<{ quiet_ms: number; age_ms: number }> {
  const { rows } = await sql<{ quiet_ms: number; age_ms: number }>`
    SELECT (extract(epoch FROM clock_timestamp() - updated_at) * 1000)::float8 AS quiet_ms,
           (extract(epoch FROM clock_timestamp() - created_at) * 1000)::float8 AS age_ms
    FROM trading.orders WHERE order_id = ${order.order_id}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error(`order ${order.order_id} is gone`);
  return row;
}
