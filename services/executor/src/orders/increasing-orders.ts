import type { Db, OrderRow } from '@aistock/database';
import { sum } from '@aistock/trading/portfolio';
import { instrumentExposure, isReducing, killScopes, type OpenOrder } from '@aistock/trading/risk';

export interface KillInForce {
  readonly scope: string;
  /** How long ago it came, in ms. */
  readonly ageMs: number;
}

/** Quantities decide whether an order reduces, so any price will do. */
const NO_PRICE = { price: '1', atMs: 0 };

/** Orders that the venue may have, are in the scope of a kill and do not only reduce; for each how long a kill covers it. */
export async function increasingOrders(
  db: Db,
  kills: readonly KillInForce[],
): Promise<{ readonly order: OrderRow; readonly sinceMs: number }[]> {
  if (kills.length === 0) return [];
  const orders = await db
    .selectFrom('trading.orders')
    .selectAll()
    .where('status', 'in', ['SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED'])
    .orderBy('created_at')
    .execute();
  const covered = orders.flatMap((order) => {
    const scopes = killScopes(order);
    const ages = kills.filter(({ scope }) => scopes.has(scope)).map(({ ageMs }) => ageMs);
    return order.reduce_only || ages.length === 0 ? [] : [{ order, sinceMs: Math.max(...ages) }];
  });
  if (covered.length === 0) return [];
  const positions = await db.selectFrom('trading.position').selectAll().execute();
  return covered.filter(({ order }) => {
    const others = orders.filter(
      (other) => other.account === order.account && other.order_id !== order.order_id,
    );
    const held = positions.filter(({ account }) => account === order.account);
    const books = { positions: held, openOrders: others.map(toOpenOrder) };
    return !isReducing(instrumentExposure(order.instrument, books, NO_PRICE), remaining(order));
  });
}

function toOpenOrder(order: OrderRow): OpenOrder {
  const { client_order_id: clientOrderId, instrument, parent_order_id: bracket } = order;
  return { clientOrderId, instrument, price: NO_PRICE.price, bracket, ...remaining(order) };
}

function remaining({ side, quantity, filled_quantity: filled }: OrderRow) {
  return { side, quantity: sum(quantity, `-${filled}`) };
}
