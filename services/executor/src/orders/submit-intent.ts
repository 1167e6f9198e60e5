import type { Db } from '@aistock/database';
import type { OrderIntent } from '@aistock/shared';
import type { OrderPlacer } from './place-order.ts';
import { takeIntent } from './take-intent.ts';

/** Takes an intent and, where it is new, brings it through the gate to the venue. Answers the id of its order. */
export async function submitIntent(
  { db, placer }: { readonly db: Db; readonly placer: OrderPlacer },
  intent: OrderIntent,
): Promise<string> {
  const order = await db.transaction().execute((trx) => takeIntent(trx, intent));
  if (order.status === 'PENDING' || placer.isPlacing(order.order_id)) await placer.place(order);
  return order.order_id;
}
