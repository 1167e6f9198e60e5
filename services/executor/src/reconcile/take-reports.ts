import type { Db, OrderRow, Trx } from '@aistock/database';
import { IllegalTransition, Overfill } from '@aistock/trading/orders';
import { sameAmount } from '@aistock/trading/portfolio';
import type { Broker, BrokerFill, BrokerOrder } from '../broker.ts';
import { bookFill, ForeignFee } from '../books/apply-fill.ts';
import { acknowledgeOrder, closeOrder } from '../orders/change-order.ts';
import { lockAccount, lockOrder } from '../orders/order-row.ts';

/** Pages of fills that are taken at once; the rest waits for the next time. */
const FILL_PAGES_MAX = 1_000;

/** What the venue told and our books took from it. */
export interface TakenReports {
  /** Orders that changed. */
  readonly changed: ReadonlySet<string>;
  /** Reports that do not fit our books, one sentence each. */
  readonly problems: readonly string[];
}

/** Brings an account's orders up to what the venue reports: fills first, then how orders ended. */
export async function takeReports(
  db: Db,
  broker: Broker,
  account: string,
  isPlacing: (orderId: string) => boolean,
): Promise<TakenReports> {
  const changed = new Set<string>();
  const problems = await takeFills(db, broker, account, changed);
  const open = new Map((await broker.listOpenOrders(account)).map((order) => [order.clientOrderId, order]));
  for (const order of await ordersAtVenue(db, account)) {
    const settled =
      order.broker_order_id !== null && (order.status === 'WORKING' || order.status === 'PARTIALLY_FILLED');
    if (isPlacing(order.order_id) || (settled && open.has(order.client_order_id))) continue;
    const report =
      open.get(order.client_order_id) ?? (await broker.findOrder(account, order.client_order_id));
    if (report && (await takeReport(db, order, report))) changed.add(order.order_id);
  }
  return { changed: await withExits(db, changed), problems };
}

/** The exits of a bracket change with their entry. */
async function withExits(db: Db, changed: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  if (changed.size === 0) return changed;
  const exits = await db
    .selectFrom('trading.orders')
    .select('order_id')
    .where('parent_order_id', 'in', [...changed])
    .where('status', '<>', 'PENDING')
    .execute();
  return new Set([...changed, ...exits.map(({ order_id: orderId }) => orderId)]);
}

/** Orders that the venue may have something of. */
async function ordersAtVenue(db: Db, account: string): Promise<OrderRow[]> {
  return db
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('status', 'in', ['SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED'])
    .orderBy('created_at')
    .execute();
}

async function takeFills(db: Db, broker: Broker, account: string, changed: Set<string>): Promise<string[]> {
  const problems: string[] = [];
  for (let page = 0; page < FILL_PAGES_MAX; page++) {
    const { fill_cursor: cursor } = await db
      .selectFrom('trading.account')
      .select('fill_cursor')
      .where('account', '=', account)
      .executeTakeFirstOrThrow();
    const next = await broker.listFills(account, cursor);
    if (next.fills.length === 0) break;
    await db.transaction().execute(async (trx) => {
      await lockAccount(trx, account);
      for (const fill of next.fills) {
        const taken = await takeFill(trx, broker.name, account, fill);
        if (typeof taken === 'string') problems.push(taken);
        else changed.add(taken.order_id);
      }
      await trx
        .updateTable('trading.account')
        .set({ fill_cursor: next.cursor })
        .where('account', '=', account)
        .execute();
    });
    if (!next.more) break;
  }
  return problems;
}

/** The order that filled, or why the fill fits none; such a fill shows as a difference in position and cash from then on. */
async function takeFill(
  trx: Trx,
  venue: string,
  account: string,
  fill: BrokerFill,
): Promise<OrderRow | string> {
  const order = await trx
    .selectFrom('trading.orders')
    .selectAll()
    .where('account', '=', account)
    .where('client_order_id', '=', fill.clientOrderId)
    .executeTakeFirst();
  if (!order) return `fill ${fill.fillId} is of order ${fill.clientOrderId}, which is not ours`;
  try {
    return await bookFill(trx, venue, order, fill);
  } catch (error) {
    if (error instanceof IllegalTransition || error instanceof Overfill || error instanceof ForeignFee) {
      return `fill ${fill.fillId} does not fit order ${fill.clientOrderId}: ${error.message}`;
    }
    throw error;
  }
}

/** Takes the venue's word about an order; answers whether that changed it. */
async function takeReport(db: Db, order: OrderRow, report: BrokerOrder): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const locked = await lockOrder(trx, order);
    if (locked.status !== order.status) return false; // somebody else was faster; the next round sees it
    const known = await takeOver(trx, locked, report);
    // Fills come before the end: an order that has filled further than is booked ends in the next round.
    const event = sameAmount(report.filledQuantity, locked.filled_quantity)
      ? CLOSING[report.status]
      : undefined;
    if (event) await closeOrder(trx, known, event, report.reason);
    return known !== locked || event !== undefined;
  });
}

/** The venue has the order: one of unknown outcome, or an exit that it made itself. */
async function takeOver(trx: Trx, order: OrderRow, { brokerOrderId }: BrokerOrder): Promise<OrderRow> {
  if (order.status === 'SENDING' || order.status === 'UNKNOWN')
    return acknowledgeOrder(trx, order, brokerOrderId);
  if (order.broker_order_id !== null) return order;
  return trx
    .updateTable('trading.orders')
    .set({ broker_order_id: brokerOrderId })
    .where('order_id', '=', order.order_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** How an order ends by a report. A filled one ends with its fills, a working one does not. */
const CLOSING = {
  working: undefined,
  filled: undefined,
  cancelled: 'cancel',
  expired: 'expire',
  rejected: 'reject',
} as const;
