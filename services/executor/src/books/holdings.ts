import type { OrderRow, Trx } from '@aistock/database';
import { FLAT, sum, type PositionState } from '@aistock/trading/portfolio';

/** The position that an order is in. */
export async function readPosition(trx: Trx, { account, instrument }: OrderRow): Promise<PositionState> {
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

export async function storePosition(
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

/** Answers the cash after the change. */
export async function addCash(trx: Trx, account: string, change: string): Promise<string> {
  const { cash } = await trx
    .selectFrom('trading.account')
    .select('cash')
    .where('account', '=', account)
    .executeTakeFirstOrThrow();
  const after = sum(cash, change);
  await trx.updateTable('trading.account').set({ cash: after }).where('account', '=', account).execute();
  return after;
}
