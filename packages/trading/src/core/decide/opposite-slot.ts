import type { Side } from '@aistock/shared';
import type { Scope } from '../core-state.ts';
import { isWorking, type TrackedOrder } from '../books/tracked-order.ts';

/**
 * Whether another slot of the account holds an instrument on the other side than an order of this side would, or may come
 * to. An account has one position in an instrument: a long and a short cancel each other out at the venue, where the exits
 * of both then have nothing to reduce, so that neither slot's books would be true.
 */
export function isOppositeToOther({ state, slot }: Scope, instrument: string, side: Side): boolean {
  if (state.slots.length === 1) return false;
  return state.slots.some(
    (other) =>
      other !== slot &&
      (other.legs.some(
        ({ stream, isHeld, book }) =>
          stream.setup.instrument === instrument && isHeld && book.quantity > 0 !== (side === 'buy'),
      ) ||
        [...other.orders.values()].some(
          (order) => mayOpen(order, instrument) && order.request.side !== side,
        )),
  );
}

/** Whether an order may still open a position in the instrument. */
function mayOpen(order: TrackedOrder, instrument: string): boolean {
  const { request } = order;
  return (
    request.instrument === instrument &&
    !request.reduceOnly &&
    !request.leg.startsWith('exit') &&
    isWorking(order)
  );
}
