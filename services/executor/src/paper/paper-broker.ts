import { randomUUID } from 'node:crypto';
import type { Db, PaperOrderRow } from '@aistock/database';
import { canonicalJson } from '@aistock/shared';
import { sameAmount } from '@aistock/trading/portfolio';
import { sql, type RawBuilder } from 'kysely';
import {
  VenueRejection,
  type Broker,
  type BrokerOrder,
  type BrokerOrderRequest,
  type BrokerPosition,
  type FillPage,
} from '../broker.ts';

export const PAPER_VENUE = 'paper';
const FILLS_PER_PAGE = 1_000;

/**
 * The paper venue as a broker. It keeps every order for ever, so its history is complete, and it takes each client
 * order id once: the same order again is the same order, another one under the id is rejected.
 */
export class PaperBroker implements Broker {
  readonly name = PAPER_VENUE;
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async submit(
    account: string,
    order: BrokerOrderRequest,
    giveUp: AbortSignal,
  ): Promise<{ brokerOrderId: string }> {
    const known = await this.#db
      .selectFrom('trading.paper_account')
      .select('costs')
      .where('account', '=', account)
      .executeTakeFirst();
    if (!known) throw new VenueRejection(`the paper venue has no account ${account}`);
    giveUp.throwIfAborted();
    await this.#db
      .insertInto('trading.paper_order')
      .values({
        broker_order_id: `paper-${randomUUID()}`,
        account,
        client_order_id: order.clientOrderId,
        instrument: order.instrument,
        stream: order.stream,
        side: order.side,
        order_type: order.orderType,
        quantity: order.quantity,
        limit_price: order.limitPrice,
        stop_price: order.stopPrice,
        trail_bps: order.trailBps,
        time_in_force: order.timeInForce,
        extended_hours: order.extendedHours,
        reduce_only: order.reduceOnly,
        protection: order.protection && JSON.stringify(order.protection),
        placed_at: this.#placedAt(account, order, known.costs.latency_ms),
      })
      .onConflict((conflict) => conflict.columns(['account', 'client_order_id']).doNothing())
      .execute();
    const row = await this.#row(account, order.clientOrderId);
    if (!row) throw new Error('the paper venue did not keep the order');
    if (!isSameOrder(row, order)) {
      throw new VenueRejection(`client order id ${order.clientOrderId} belongs to another order`);
    }
    return { brokerOrderId: row.broker_order_id };
  }

  /** So long after it was decided, and never in bars that have passed already, whenever it says that it was decided. */
  #placedAt(account: string, { stream, asOfMs }: BrokerOrderRequest, latencyMs: number): RawBuilder<Date> {
    return sql<Date>`GREATEST(${new Date(asOfMs)}::timestamptz, (
      SELECT clock FROM trading.paper_clock WHERE account = ${account} AND stream = ${stream}
    )) + ${latencyMs}::int * interval '1 millisecond'`;
  }

  /** With an exit of a bracket what is left of its entry ends as well: nothing would protect it. */
  async cancel(account: string, clientOrderId: string): Promise<void> {
    await this.#db
      .updateTable('trading.paper_order')
      .set({ status: 'cancelled', reason: 'asked_for' })
      .where('account', '=', account)
      .where('status', '=', 'working')
      .where((where) =>
        where.or([
          where('client_order_id', '=', clientOrderId),
          where(
            'broker_order_id',
            '=',
            where
              .selectFrom('trading.paper_order as exit')
              .select('exit.parent_broker_order_id')
              .where('exit.account', '=', account)
              .where('exit.client_order_id', '=', clientOrderId),
          ),
        ]),
      )
      .execute();
  }

  async findOrder(account: string, clientOrderId: string): Promise<BrokerOrder | undefined> {
    const row = await this.#row(account, clientOrderId);
    return row && toBrokerOrder(row);
  }

  async listOpenOrders(account: string): Promise<BrokerOrder[]> {
    const rows = await this.#db
      .selectFrom('trading.paper_order')
      .selectAll()
      .where('account', '=', account)
      .where('status', '=', 'working')
      .orderBy('client_order_id')
      .execute();
    return rows.map(toBrokerOrder);
  }

  async listFills(account: string, cursor: string | null): Promise<FillPage> {
    const rows = await this.#db
      .selectFrom('trading.paper_fill as fill')
      .innerJoin('trading.paper_order as order', 'order.broker_order_id', 'fill.broker_order_id')
      .select(['fill.fill_number', 'order.client_order_id', 'fill.quantity', 'fill.price', 'fill.fee'])
      .select(['fill.fee_currency', 'fill.filled_at', 'fill.broker_order_id'])
      .where('fill.account', '=', account)
      .where('fill.fill_number', '>', Number(cursor ?? 0))
      .orderBy('fill.fill_number')
      .limit(FILLS_PER_PAGE)
      .execute();
    const last = rows.at(-1);
    return {
      fills: rows.map((row) => ({
        fillId: String(row.fill_number),
        clientOrderId: row.client_order_id,
        brokerOrderId: row.broker_order_id,
        quantity: row.quantity,
        price: row.price,
        fee: row.fee,
        feeCurrency: row.fee_currency,
        filledMs: row.filled_at.getTime(),
      })),
      cursor: last ? String(last.fill_number) : cursor,
      more: rows.length === FILLS_PER_PAGE,
    };
  }

  positions(account: string): Promise<BrokerPosition[]> {
    return this.#db
      .selectFrom('trading.paper_position')
      .select(['instrument', 'quantity'])
      .where('account', '=', account)
      .execute();
  }

  async cash(account: string): Promise<string> {
    const { cash } = await this.#db
      .selectFrom('trading.paper_account')
      .select('cash')
      .where('account', '=', account)
      .executeTakeFirstOrThrow();
    return cash;
  }

  #row(account: string, clientOrderId: string): Promise<PaperOrderRow | undefined> {
    return this.#db
      .selectFrom('trading.paper_order')
      .selectAll()
      .where('account', '=', account)
      .where('client_order_id', '=', clientOrderId)
      .executeTakeFirst();
  }
}

function isSameOrder(row: PaperOrderRow, order: BrokerOrderRequest): boolean {
  return (
    isSamePrice(row.limit_price, order.limitPrice) &&
    isSamePrice(row.stop_price, order.stopPrice) &&
    row.trail_bps === order.trailBps &&
    row.extended_hours === order.extendedHours &&
    row.reduce_only === order.reduceOnly &&
    canonicalJson(row.protection) === canonicalJson(order.protection) &&
    sameAmount(row.quantity, order.quantity) &&
    row.instrument === order.instrument &&
    row.stream === order.stream &&
    row.side === order.side &&
    row.order_type === order.orderType &&
    row.time_in_force === order.timeInForce
  );
}

function isSamePrice(price: string | null, other: string | null): boolean {
  return price === null || other === null ? price === other : sameAmount(price, other);
}

function toBrokerOrder(row: PaperOrderRow): BrokerOrder {
  return {
    clientOrderId: row.client_order_id,
    brokerOrderId: row.broker_order_id,
    status: row.status,
    filledQuantity: row.filled,
    reason: row.reason,
  };
}
