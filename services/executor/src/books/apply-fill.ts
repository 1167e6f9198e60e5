import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import { applyFillToOrder } from '@aistock/trading/orders';
import { applyFill, cashChange, payFeeInBase, product } from '@aistock/trading/portfolio';
import { sql } from 'kysely';
import type { BrokerFill } from '../broker.ts';
import { followBracket } from '../orders/bracket-rows.ts';
import { orderReference } from '../orders/order-row.ts';
import { emitClosed } from '../orders/write-order.ts';
import { addCash, readPosition, storePosition } from './holdings.ts';

/**
 * Books a fill: order, position, cash and the record, in the caller's transaction with the account locked. A fill
 * that was booked before changes nothing. Answers the order as it is then.
 * @throws IllegalTransition, Overfill or ForeignFee, before anything is written, where the fill cannot belong to the order.
 */
export async function bookFill(
  trx: Trx,
  venue: string,
  order: OrderRow,
  fill: BrokerFill,
): Promise<OrderRow> {
  const { fillId } = fill;
  const known = await trx
    .selectFrom('trading.fill')
    .select('fill_id')
    .where('venue', '=', venue)
    .where('fill_id', '=', fillId)
    .executeTakeFirst();
  if (known) return order;

  const paid = await payment(trx, order, fill);
  const { amounts } = paid;
  const { brokerOrderId } = fill;
  const filled = await storeProgress(trx, order, { ...amounts, fee: paid.fee, brokerOrderId });
  await trx
    .insertInto('trading.fill')
    .values({
      venue,
      fill_id: fillId,
      order_id: order.order_id,
      quantity: fill.quantity,
      price: fill.price,
      fee: fill.fee,
      fee_currency: fill.feeCurrency,
      filled_at: new Date(fill.filledMs),
    })
    .execute();
  const bought = applyFill(await readPosition(trx, order), amounts);
  const position = paid.inBase ? payFeeInBase(bought, fill.fee, fill.price) : bought;
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
      fee: fill.fee,
      fee_currency: fill.feeCurrency,
      filled_ms: fill.filledMs,
      position: position.quantity,
      cash,
    },
  });
  await emitClosed(trx, filled);
  await followBracket(trx, filled);
  return filled;
}

/** A fee in a currency that the account has no books for. */
export class ForeignFee extends Error {
  override readonly name = 'ForeignFee';
}

/** What a fill moves, its fee taken out of the cash or out of what was bought, and the fee in the account's currency. */
async function payment(trx: Trx, { account, instrument, side }: OrderRow, fill: BrokerFill) {
  const { quantity, price, fee, feeCurrency } = fill;
  const { currency } = await trx
    .selectFrom('trading.account')
    .select('currency')
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  if (feeCurrency === currency) return { amounts: { side, quantity, price, fee }, fee, inBase: false };
  if (feeCurrency !== instrument.split('/')[0]) throw new ForeignFee(`its fee is in ${feeCurrency}`);
  return { amounts: { side, quantity, price, fee: '0' }, fee: product(fee, price), inBase: true };
}

async function storeProgress(
  trx: Trx,
  order: OrderRow,
  fill: Pick<BrokerFill, 'quantity' | 'price' | 'fee' | 'brokerOrderId'>,
): Promise<OrderRow> {
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
      broker_order_id: order.broker_order_id ?? fill.brokerOrderId,
      updated_at: sql<Date>`clock_timestamp()`,
    })
    .where('order_id', '=', order.order_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
