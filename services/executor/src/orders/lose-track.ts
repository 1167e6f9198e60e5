import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import { orderReference } from './order-row.ts';
import { changeOrder } from './write-order.ts';

/** What became of a locked order is not known: its account trades no further until it is. */
export async function loseTrack(trx: Trx, order: OrderRow, reason: string): Promise<OrderRow> {
  const unknown = await changeOrder(trx, order, 'lose_track', { reason });
  await trx
    .updateTable('trading.account')
    .set({ reconciled: false })
    .where('account', '=', order.account)
    .execute();
  await emitEvent(trx, {
    kind: 'order.unknown',
    subject: order.order_id,
    payload: { ...orderReference(order), reason },
  });
  return unknown;
}
