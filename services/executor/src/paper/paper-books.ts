import type { PaperAccountRow, PaperOrderRow, Trx } from '@aistock/database';
import type { Execution, VenueHolding, WorkingOrder } from './replay-bars.ts';

/** The account's terms and cash, locked; orders can still come in meanwhile. */
export async function lockPaperAccount(trx: Trx, account: string): Promise<PaperAccountRow> {
  return trx
    .selectFrom('trading.paper_account')
    .selectAll()
    .where('account', '=', account)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** Orders that wait for bars of the stream, oldest first. */
export async function workingOrders(trx: Trx, account: string, stream: string): Promise<WorkingOrder[]> {
  const rows = await trx
    .selectFrom('trading.paper_order')
    .selectAll()
    .where('account', '=', account)
    .where('stream', '=', stream)
    .where('status', '=', 'working')
    .orderBy('placed_at')
    .orderBy('client_order_id')
    .forUpdate()
    .execute();
  return rows.map(toWorkingOrder);
}

function toWorkingOrder(row: PaperOrderRow): WorkingOrder {
  const { order_type: orderType, time_in_force: timeInForce } = row;
  if ((orderType !== 'market' && orderType !== 'limit') || timeInForce === 'fok')
    throw new Error(`the paper venue cannot fill a ${orderType} ${timeInForce} order`);
  return {
    brokerOrderId: row.broker_order_id,
    side: row.side,
    orderType,
    quantity: row.quantity,
    limitPrice: row.limit_price,
    timeInForce,
    placedMs: row.placed_at.getTime(),
  };
}

/** Writes a fill or an end down. Call it with the account locked: fills are numbered in the order of their booking. */
export async function storeExecution(
  trx: Trx,
  { account, currency }: Pick<PaperAccountRow, 'account' | 'currency'>,
  execution: Execution,
): Promise<void> {
  const { brokerOrderId } = execution;
  if (execution.outcome === 'filled') {
    const { fill, filledMs } = execution;
    await trx
      .insertInto('trading.paper_fill')
      .values({
        ...fill,
        account,
        fee_currency: currency,
        broker_order_id: brokerOrderId,
        filled_at: new Date(filledMs),
      })
      .execute();
  }
  await trx
    .updateTable('trading.paper_order')
    .set(
      execution.outcome === 'filled'
        ? { status: 'filled', filled: execution.fill.quantity, reason: null }
        : { status: execution.outcome, reason: execution.reason },
    )
    .where('broker_order_id', '=', brokerOrderId)
    .execute();
}

export async function readHolding(trx: Trx, account: string, instrument: string): Promise<string> {
  const row = await trx
    .selectFrom('trading.paper_position')
    .select('quantity')
    .where('account', '=', account)
    .where('instrument', '=', instrument)
    .executeTakeFirst();
  return row?.quantity ?? '0';
}

export async function storeHolding(
  trx: Trx,
  account: string,
  instrument: string,
  { cash, quantity }: VenueHolding,
): Promise<void> {
  await trx.updateTable('trading.paper_account').set({ cash }).where('account', '=', account).execute();
  await trx
    .insertInto('trading.paper_position')
    .values({ account, instrument, quantity })
    .onConflict((conflict) => conflict.columns(['account', 'instrument']).doUpdateSet({ quantity }))
    .execute();
}
