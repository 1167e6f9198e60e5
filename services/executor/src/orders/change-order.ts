import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import type { Denial } from '@aistock/shared';
import { isFinal, nextStatus, type OrderEvent } from '@aistock/trading/orders';
import { sql, type RawBuilder } from 'kysely';
import { orderReference } from './order-row.ts';

/** What changes besides the status. */
export interface OrderChange {
  readonly denials?: string;
  readonly reason?: string | null;
  readonly permit_id?: string | null;
  readonly send_started_at?: RawBuilder<Date> | null;
  readonly broker_order_id?: string;
  readonly filled_quantity?: string;
  readonly average_price?: string | null;
  readonly fees?: string;
}

/**
 * Moves an order, which has to be locked, along the transition table.
 * @throws IllegalTransition where the table has no such step.
 */
export async function changeOrder(
  trx: Trx,
  order: OrderRow,
  event: OrderEvent,
  change: OrderChange = {},
): Promise<OrderRow> {
  return trx
    .updateTable('trading.orders')
    .set({ ...change, status: nextStatus(order.status, event), updated_at: sql<Date>`clock_timestamp()` })
    .where('order_id', '=', order.order_id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

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
  return denied;
}

/** The venue has the order, under an id of its own. */
export async function acknowledgeOrder(trx: Trx, order: OrderRow, brokerOrderId: string): Promise<OrderRow> {
  const working = await changeOrder(trx, order, 'acknowledge', {
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
  return closed;
}

/** Tells that an order has ended, where it has. */
export async function emitClosed(trx: Trx, order: OrderRow): Promise<void> {
  if (!isFinal(order.status)) return;
  const { status, reason, filled_quantity: filledQuantity } = order;
  await emitEvent(trx, {
    kind: 'order.closed',
    subject: order.order_id,
    payload: { ...orderReference(order), status, reason, filled_quantity: filledQuantity },
  });
}
