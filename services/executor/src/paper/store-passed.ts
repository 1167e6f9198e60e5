import type { PaperOrderRow, Trx } from '@aistock/database';
import {
  exitOrderId,
  type EndReport,
  type FillReport,
  type Matched,
  type VenueOrder,
} from '@aistock/trading/fills';
import { sameAmount } from '@aistock/trading/portfolio';
import { exitRow } from './paper-order.ts';

/** Orders as they were before bars passed, each with its row. */
export type KnownOrders = ReadonlyMap<string, { readonly row: PaperOrderRow; readonly order: VenueOrder }>;

/** Whose orders met the bars, and what in. */
interface Traded {
  readonly account: string;
  readonly currency: string;
  readonly instrument: string;
}

/** Writes down what bars did. Call it with the account locked: fills are numbered in the order of their booking. */
export async function storePassed(
  trx: Trx,
  known: KnownOrders,
  { orders, done, reports }: Matched,
  traded: Traded,
): Promise<void> {
  const ends = new Map<string, EndReport>();
  for (const report of reports) if (report.kind === 'ended') ends.set(venueId(report), report);
  for (const order of orders) await storeOrder(trx, known, order, { status: 'working', reason: null });
  for (const order of done) await storeOrder(trx, known, order, outcomeOf(order, ends.get(order.orderId)));
  for (const report of reports) if (report.kind === 'fill') await storeFill(trx, report, traded);
}

interface Outcome {
  readonly status: PaperOrderRow['status'];
  readonly reason: string | null;
}

function outcomeOf(order: VenueOrder, end: EndReport | undefined): Outcome {
  if (sameAmount(order.filled, order.quantity)) return { status: 'filled', reason: null };
  if (!end) throw new Error(`order ${order.orderId} ended without a reason`);
  return { status: end.status === 'EXPIRED' ? 'expired' : 'cancelled', reason: end.reason };
}

async function storeOrder(trx: Trx, known: KnownOrders, order: VenueOrder, outcome: Outcome): Promise<void> {
  const before = known.get(order.orderId);
  if (before?.order === order && outcome.status === 'working') return;
  const { quantity, filled, triggered, resting, bestPrice: best_price } = order;
  const state = { quantity, filled, triggered, resting, best_price, ...outcome };
  if (before) {
    await trx
      .updateTable('trading.paper_order')
      .set(state)
      .where('broker_order_id', '=', order.orderId)
      .execute();
    return;
  }
  const entry = order.parent && known.get(order.parent.orderId);
  if (!entry) throw new Error(`the paper venue does not have the entry of ${order.orderId}`);
  await trx
    .insertInto('trading.paper_order')
    .values({ ...exitRow(order, entry.row), ...state })
    .execute();
}

async function storeFill(
  trx: Trx,
  fill: FillReport,
  { account, currency, instrument }: Traded,
): Promise<void> {
  const { quantity, price, fee } = fill;
  await trx
    .insertInto('trading.paper_fill')
    .values({
      account,
      broker_order_id: venueId(fill),
      quantity,
      price,
      fee,
      fee_currency: fill.feeTakenIn === 'quote' ? currency : baseOf(instrument),
      filled_at: new Date(fill.atMs),
    })
    .execute();
}

function venueId({ orderId, protection }: FillReport | EndReport): string {
  return protection ? exitOrderId(orderId, protection) : orderId;
}

function baseOf(instrument: string): string {
  return instrument.split('/', 1)[0] ?? instrument;
}
