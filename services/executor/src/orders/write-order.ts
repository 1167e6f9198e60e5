import type { OrderRow, Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
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
  readonly quantity?: string;
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
