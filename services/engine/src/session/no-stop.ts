import type { BooksView } from '@aistock/trading/core';
import type { TrackedOrder } from './order-tracker.ts';

type Held = BooksView['positions'][number];

/**
 * Whether a position that was entered behind a stop has none that works, and nothing is on its way to leave it: the stop has
 * ended, was never placed, or nobody knows what became of it.
 */
export function hasNoStop(
  { slot, instrument, position, isStopLost }: Held,
  open: readonly TrackedOrder[],
): boolean {
  if (position.quantity === '0') return false;
  const own = open.filter(({ request }) => request.slot === slot && request.instrument === instrument);
  if (own.some(({ request, own: { status } }) => request.leg.startsWith('exit') && status !== null))
    return false;
  return (
    isStopLost ||
    own.some(({ exits: { stop }, own: { fillIds } }) => fillIds.length > 0 && stop && !isPlaced(stop))
  );
}

function isPlaced({ status }: { readonly status: TrackedOrder['own']['status'] }): boolean {
  return status !== null && status !== 'SENDING' && status !== 'CHECKED' && status !== 'UNKNOWN';
}
