import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import { applyFillToOrder } from '@aistock/trading/orders';
import { applyFill, cashChange, FLAT, sum, type PositionState } from '@aistock/trading/portfolio';
import { sql } from 'kysely';
import type { BrokerFill } from '../broker.ts';
import { followBracket } from '../orders/bracket-rows.ts';
import { orderReference } from '../orders/order-row.ts';
import { emitClosed } from '../orders/write-order.ts';

/**
 * Books a fill: order, position, cash and the record, in the caller's transaction with the account locked. A fill
 * that was booked before changes nothing. Answers the order as it is then.
 * @throws IllegalTransition or Overfill, before anything is written, where the fill cannot belong to the order.
 */
export async function bookFill(
  trx: Trx,
  venue: string,
  order: OrderRow,
  fill: BrokerFill,
): Promise<OrderRow> {
  const { fillId, quantity, price, fee } = fill;
  const known = await trx
    .selectFrom('trading.fill')
    .select('fill_id')
    .where('venue', '=', venue)
    .where('fill_id', '=', fillId)
    .executeTakeFirst();
  if (known) return order;

  const amounts = { side: order.side, quantity, price, fee };
  const filled = await storeProgress(trx, order, fill);
  await trx
    .insertInto('trading.fill')
    .values({
      venue,
      fill_id: fillId,
      order_id: order.order_id,
      quantity,
      price,
      fee,
      fee_currency: fill.feeCurrency,
      filled_at: new Date(fill.filledMs),
    })
    .execute();
  const position = applyFill(await readPosition(trx, order), amounts);
  await storePosition(trx, order, position);
  const cash = await addCash(trx, order.account, cashChange(amounts));
  await emitEvent(trx, {
    kind: 'order.filled',
    subject: order.order_id,
    payload: {
      ...orderReference(order),
      venue,
      fill_id: fillId,
      ...amounts,
      filled_ms: fill.filledMs,
      position: position.quantity,
      cash,
    },
  });
  await emitClosed(trx, filled);
  await followBracket(trx, filled);
  return filled;
}

async function storeProgress(trx: Trx, order: OrderRow, fill: BrokerFill): Promise<OrderRow> {
  const progress = applyFillToOrder(
    {
      status: order.status,
      quantity: order.quantity,
      filledQuantity: order.filled_quantity,
      averagePrice: order.average_price,
      fees: order.fees,
    },
    fill,
  );
  return trx
    .updateTable('trading.orders')
    .set({
      status: progress.status,
      filled_quantity: progress.filledQuantity,
      average_price: progress.averagePrice,
      fees: progress.fees,
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where('order_id', '=', order.order_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function readPosition(trx: Trx, { account, instrument }: OrderRow): Promise<PositionState> {
  const row = await trx
    .selectFrom('trading.position')
    .selectAll()
    .where('account', '=', account)
    .where('instrument', '=', instrument)
    .executeTakeFirst();
  if (!row) return FLAT;
  return {
    quantity: row.quantity,
    cost: row.cost,
    averagePrice: row.average_price,
    realisedPnl: row.realised_pnl,
    fees: row.fees,
  };
}

async function storePosition(
  trx: Trx,
  { account, instrument }: OrderRow,
  state: PositionState,
): Promise<void> {
  const columns = {
    quantity: state.quantity,
    cost: state.cost,
    average_price: state.averagePrice,
    realised_pnl: state.realisedPnl,
    fees: state.fees,
  };
  await trx
    .insertInto('trading.position')
    .values({ account, instrument, ...columns })
    .onConflict((conflict) => conflict.columns(['account', 'instrument']).doUpdateSet(columns))
    .execute();
}

async function addCash(trx: Trx, account: string, change: string): Promise<string> {
  const { cash } = await trx
    .selectFrom('trading.account')
    .select('cash')
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  const after = sum(cash, change);
  await trx.updateTable('trading.account').set({ cash: after }).where('account', '=', account).execute();
  return after;
}
