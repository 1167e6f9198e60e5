import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import type { Denial } from '@aistock/shared';
import { sameAmount } from '@aistock/trading/portfolio';
import { followBracket } from './bracket-rows.ts';
import { orderReference } from './order-row.ts';
import { changeOrder, emitClosed } from './write-order.ts';

/** Why an order goes no further than this process. */
export interface Refusal {
  readonly reason: string;
  readonly denials?: readonly Denial[];
}

/** Ends an order that nothing was sent of. */
export async function denyOrder(
  trx: Trx,
  order: OrderRow,
  { reason, denials = [] }: Refusal,
  event: 'deny' | 'withhold' = 'deny',
): Promise<OrderRow> {
  const denied = await changeOrder(trx, order, event, { reason, denials: JSON.stringify(denials) });
  await emitEvent(trx, {
    kind: 'order.denied',
    subject: order.order_id,
    payload: { ...orderReference(order), reason, denials },
  });
  await followBracket(trx, denied);
  return denied;
}

/** The venue has the order, under an id of its own. */
export async function acknowledgeOrder(trx: Trx, order: OrderRow, brokerOrderId: string): Promise<OrderRow> {
  const event = sameAmount(order.filled_quantity, '0') ? 'acknowledge' : 'acknowledge_part';
  const working = await changeOrder(trx, order, event, {
    broker_order_id: brokerOrderId,
    reason: null,
  });
  await emitEvent(trx, {
    kind: 'order.acknowledged',
    subject: order.order_id,
    payload: { ...orderReference(order), broker_order_id: brokerOrderId },
  });
  return working;
}

/** Ends an order by the venue's word, or because it is too old to be sent. */
export async function closeOrder(
  trx: Trx,
  order: OrderRow,
  event: 'cancel' | 'expire' | 'reject' | 'lapse',
  reason: string | null,
): Promise<OrderRow> {
  const closed = await changeOrder(trx, order, event, { reason });
  await emitClosed(trx, closed);
  await followBracket(trx, closed);
  return closed;
}
