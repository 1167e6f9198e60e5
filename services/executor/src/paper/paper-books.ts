import type { PaperAccountRow, Trx } from '@aistock/database';
import type { VenueHolding } from '@aistock/trading/fills';
import { toVenueOrder } from './paper-order.ts';
import type { KnownOrders } from './store-passed.ts';

/** The account's terms and cash, locked; orders can still come in meanwhile. */
export async function lockPaperAccount(trx: Trx, account: string): Promise<PaperAccountRow> {
  return trx
    .selectFrom('trading.paper_account')
    .selectAll()
    .where('account', '=', account)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** Orders that wait for bars of the stream, in the order of their coming in, by the venue's own id. Locked. */
export async function workingOrders(trx: Trx, account: string, stream: string): Promise<KnownOrders> {
  const rows = await trx
    .selectFrom('trading.paper_order')
    .selectAll()
    .where('account', '=', account)
    .where('stream', '=', stream)
    .where('status', '=', 'working')
    .orderBy('order_number')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.broker_order_id, { row, order: toVenueOrder(row) }]));
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
