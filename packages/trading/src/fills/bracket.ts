import type { BracketPart } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { bracketExits } from '../orders/index.ts';
import type { BarPassing } from './bar-passing.ts';
import { venueOrder, type VenueOrder } from './venue-order.ts';
import { WorkingOrder, type Meeting } from './working-order.ts';

/**
 * Lets the exits of a bracket protect what its entry has bought or sold just now: the first fill brings them, each further
 * one makes them larger. They meet the rest of the bar at once.
 */
export function growExits(
  passing: BarPassing,
  entry: WorkingOrder,
  quantity: Decimal,
  meeting: Meeting,
): void {
  if (quantity.isZero()) return; // a fee in the base, rounded up, can take the whole of the smallest fill
  const exits = passing.orders.filter(({ order }) => order.parent?.orderId === entry.order.orderId);
  for (const exit of exits) exit.change({ quantity: decimalText(quantity.plus(exit.order.quantity)) });
  if (exits.length > 0) return;
  const placedMs = Math.max(passing.bar.bar.openMs, entry.order.placedMs);
  for (const order of exitsOf(entry.order, quantity, placedMs))
    passing.orders.push(new WorkingOrder(order, meeting));
}

/** The orders that wait behind an entry, for what it has filled. @param placedMs when they begin to work, Unix ms. */
export function exitsOf(entry: VenueOrder, quantity: Decimal, placedMs: number): VenueOrder[] {
  const { orderId, side, extendedHours, protection } = entry;
  if (!protection) return [];
  const { stopPrice: stop_price, targetPrice: target_price, trailBps: trail_bps } = protection;
  return bracketExits(side, { stop_price, target_price, trail_bps }).map(
    ({ part, orderType: type, ...prices }) => {
      const terms = { ...prices, type, timeInForce: 'gtc', extendedHours, reduceOnly: true } as const;
      const placed = { ...terms, quantity: decimalText(quantity), protection: null };
      const exit = venueOrder(exitOrderId(orderId, part), placed, placedMs);
      return { ...exit, parent: { orderId, part } };
    },
  );
}

/** The venue's own id of an exit, from that of its entry. */
export function exitOrderId(entryId: string, part: BracketPart): string {
  return `${entryId}:${part}`;
}

/**
 * One exit cancels the other, and what is left of the entry. A target that has filled in part leaves the stop at work for
 * the rest, so that nothing that is held goes unprotected.
 * @param filled by the exit just now; zero for a stop that was triggered.
 */
export function cancelKin(passing: BarPassing, exit: WorkingOrder, filled: Decimal): void {
  const { parent } = exit.order;
  if (!parent) return;
  for (const other of passing.orders) {
    if (other === exit || other.hasEnded) continue;
    const isEntry = other.order.orderId === parent.orderId;
    if (!isEntry && other.order.parent?.orderId !== parent.orderId) continue;
    if (isEntry || exit.hasEnded || parent.part === 'stop')
      passing.end(other, 'CANCELLED', 'one_cancelled_other');
    else other.change({ quantity: decimalText(new Decimal(other.order.quantity).minus(filled)) });
  }
}
