import type { Db, FillRow, OrderRow, Trx } from '@aistock/database';
import type { Order, OrderIntent, OrderTerms } from '@aistock/shared';
import { toWire } from '@aistock/trading/portfolio';
import { sql } from 'kysely';
import type { BrokerOrderRequest } from '../broker.ts';

/** Takes the lock under which the books of an account change, until the end of the transaction. */
export async function lockAccount(trx: Trx, account: string): Promise<void> {
  await sql`SELECT trading.lock_account(${account})`.execute(trx);
}

export async function readOrder(db: Db, orderId: string): Promise<OrderRow | undefined> {
  return db.selectFrom('trading.orders').selectAll().where('order_id', '=', orderId).executeTakeFirst();
}

/** An order as it is now, with its account locked: it cannot change before the commit. */
export async function lockOrder(trx: Trx, { account, order_id }: OrderRow): Promise<OrderRow> {
  await lockAccount(trx, account);
  return trx
    .selectFrom('trading.orders')
    .selectAll()
    .where('order_id', '=', order_id)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** What the gate is asked about and the permit is for; the same text each time it is made from the row. */
export function termsOf(order: OrderRow): OrderTerms {
  const { client_order_id, account, strategy, slot, instrument, side, order_type, quantity } = order;
  const { limit_price, stop_price, trail_bps, time_in_force, extended_hours, reduce_only, protection } =
    order;
  return {
    client_order_id,
    account,
    strategy,
    slot,
    instrument,
    side,
    order_type,
    quantity,
    limit_price,
    stop_price,
    trail_bps,
    time_in_force,
    extended_hours,
    reduce_only,
    protection,
  };
}

export function brokerRequestOf(order: OrderRow): BrokerOrderRequest {
  return {
    clientOrderId: order.client_order_id,
    instrument: order.instrument,
    stream: order.stream,
    side: order.side,
    orderType: order.order_type,
    quantity: order.quantity,
    limitPrice: order.limit_price,
    stopPrice: order.stop_price,
    trailBps: order.trail_bps,
    timeInForce: order.time_in_force,
    extendedHours: order.extended_hours,
    reduceOnly: order.reduce_only,
    protection: order.protection,
    asOfMs: order.as_of.getTime(),
  };
}

/** What every event of an order says about it, so that the record can be followed from any of them. */
export function orderReference(order: OrderRow): Record<string, string> {
  const { order_id, client_order_id, decision_id, config_id, account, strategy, instrument } = order;
  return { order_id, client_order_id, decision_id, config_id, account, strategy, instrument };
}

/** An intent's columns. */
export function intentColumns(intent: OrderIntent) {
  const { bar_open_ms: _barOpenMs, as_of_ms: asOfMs, protection, ...columns } = intent;
  return {
    ...columns,
    protection: protection && JSON.stringify(protection),
    as_of: new Date(asOfMs),
  };
}

/** Orders as the contract has them. */
export async function toOrders(db: Db, rows: readonly OrderRow[]): Promise<Order[]> {
  const [fills, entries] = await Promise.all([readFills(db, rows), readEntries(db, rows)]);
  return rows.map((row) => toOrder(row, fills.get(row.order_id) ?? [], parentOf(row, entries)));
}

async function readFills(db: Db, rows: readonly OrderRow[]): Promise<Map<string, FillRow[]>> {
  const ids = rows.map(({ order_id: orderId }) => orderId);
  if (ids.length === 0) return new Map();
  const found = await db
    .selectFrom('trading.fill')
    .selectAll()
    .where('order_id', 'in', ids)
    .orderBy('filled_at')
    .orderBy('fill_id')
    .execute();
  return Map.groupBy(found, (fill) => fill.order_id);
}

/** Decision ids of the entries of exits, by order id. */
async function readEntries(db: Db, rows: readonly OrderRow[]): Promise<Map<string, string>> {
  const ids = rows.flatMap(({ parent_order_id: parentOrderId }) => parentOrderId ?? []);
  if (ids.length === 0) return new Map();
  const found = await db
    .selectFrom('trading.orders')
    .select(['order_id', 'decision_id'])
    .where('order_id', 'in', ids)
    .execute();
  return new Map(found.map(({ order_id: orderId, decision_id: decision }) => [orderId, decision]));
}

function parentOf(row: OrderRow, entries: ReadonlyMap<string, string>): Order['parent'] {
  const { parent_order_id: orderId, part } = row;
  const decision = orderId === null ? undefined : entries.get(orderId);
  if (orderId === null || part === null || decision === undefined) return null;
  return { order_id: orderId, decision_id: decision, part };
}

function toOrder(row: OrderRow, fills: readonly FillRow[], parent: Order['parent']): Order {
  const { intent_sha256: _hash, send_started_at: _sent, as_of, created_at, updated_at, ...rest } = row;
  const { parent_order_id: _parentOrderId, part: _part, ...columns } = rest;
  return {
    ...columns,
    quantity: toWire(row.quantity),
    parent,
    filled_quantity: toWire(row.filled_quantity),
    fees: toWire(row.fees),
    fills: fills.map(({ venue, fill_id, quantity, price, fee, fee_currency, filled_at }) => ({
      venue,
      fill_id,
      quantity: toWire(quantity),
      price: toWire(price),
      fee: toWire(fee),
      fee_currency,
      filled_ms: filled_at.getTime(),
    })),
    as_of_ms: as_of.getTime(),
    created_ms: created_at.getTime(),
    updated_ms: updated_at.getTime(),
  };
}
