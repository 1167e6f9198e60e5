import { isSessionOpen } from '@aistock/market';
import type { ReviewedBars, ReviewInput } from './review-input.ts';
import type { Warning } from './warning.ts';

interface Fill {
  readonly atMs: number;
  readonly of: ReviewedBars;
}

/** Fills of an order, on average, from which on it is more worked than filled. */
const PARTS_MAX = 3;

/** Fills at prices that may have been nobody's: in bars without volume, or in the first bar after missing ones. */
export function staleFills({ fills, staleFills: stale }: ReviewInput): Warning[] {
  if (stale === 0) return [];
  return [
    {
      code: 'stale_fills',
      severity: 'warning',
      detail: `${stale} of ${fills} fills were in bars without volume or right after missing bars: nobody may have traded at these prices then.`,
      numbers: { fills, stale },
    },
  ];
}

/** Orders that take many bars to fill: on a market that counts its volume in something else, the cap on it makes them. */
export function slowFills({ fills, ordersFilled }: ReviewInput): Warning[] {
  if (ordersFilled === 0 || fills <= PARTS_MAX * ordersFilled) return [];
  return [
    {
      code: 'slow_fills',
      severity: 'warning',
      detail: `${fills} fills for ${ordersFilled} filled orders: they take no more than a share of each bar's volume. Where volume is not in what is traded, such as ticks, set participation_max of the costs to null.`,
      numbers: { fills, orders_filled: ordersFilled },
    },
  ];
}

/** Fills of intraday bars while the exchange's regular session was closed, where nobody asked for them. */
export function fillsOutsideHours(input: ReviewInput): Warning[] {
  if (input.extendedHours) return [];
  const fills = fillsOf(input).filter(({ of }) => of.timeframe !== '1d');
  const outside = fills.filter(({ atMs, of }) => !isDuringSession(atMs, of)).length;
  if (outside === 0) return [];
  return [
    {
      code: 'fills_outside_hours',
      severity: 'warning',
      detail: `${outside} of ${fills.length} fills were outside the regular hours, where spreads are wide and most order types are not taken.`,
      numbers: { fills: fills.length, outside },
    },
  ];
}

function fillsOf({ trades, bars }: ReviewInput): Fill[] {
  return trades.flatMap(({ instrument, entryMs, exitMs }) => {
    const of = bars.get(instrument);
    return of ? [entryMs, exitMs].map((atMs) => ({ atMs, of })) : [];
  });
}

/** A fill at the very end of a session was made by it. */
function isDuringSession(atMs: number, { calendar }: ReviewedBars): boolean {
  return isSessionOpen(calendar, atMs) || isSessionOpen(calendar, atMs - 1);
}
