import type { Bar } from '../bar.ts';
import { closeMs, isExpectedOpen, type Calendar } from '../calendar.ts';
import { compareDecimal, isNormalDecimal } from '../decimal.ts';
import { lowerBound } from '../lower-bound.ts';
import type { Timeframe } from '../timeframe.ts';
import { sameValues } from './differences.ts';

/** Why a bar is not taken, as in `Rejection` on the wire. Where several hold it is the first of this list. */
const REJECTION_REASONS = [
  'not_a_number',
  'misaligned',
  'non_positive_price',
  'negative_volume',
  'ohlc_inconsistent',
  'open_bar',
  'before_watermark',
  'duplicate_identical',
  'duplicate_conflicting',
  'out_of_order',
] as const;
/** One of {@link REJECTION_REASONS}. */
export type RejectionReason = (typeof REJECTION_REASONS)[number];

/** A bar that is not taken, and why. */
export interface RejectedBar {
  readonly bar: Bar;
  readonly reason: RejectionReason;
}

/** What bars are held against. */
export interface BarCheck {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  /** The venue's clock, Unix ms: a bar that has not closed by then is still open. */
  readonly clockMs: number;
  /** Open time of the last registered bar, Unix ms; null where there is none yet. */
  readonly watermarkMs: number | null;
}

/** What to take and what not to. */
export interface CheckedBars {
  /** In strictly ascending order of open time, each on the calendar, closed, sound. */
  readonly accepted: Bar[];
  readonly rejected: RejectedBar[];
}

/**
 * Splits bars, in the order in which they came, into those to take and those not to. Never sorts, repairs or fills: a
 * bar behind its predecessor is rejected, and of two bars with one open time the first stays. A bar whose open time the
 * calendar does not name is misaligned; intraday bars of `xnys` may be of the extended session.
 */
export function checkBars(bars: Iterable<Bar>, check: BarCheck): CheckedBars {
  const accepted: Bar[] = [];
  const rejected: RejectedBar[] = [];
  for (const bar of bars) {
    const reason = fault(bar, check) ?? untimely(bar, check) ?? outOfSequence(bar, accepted);
    if (reason === undefined) accepted.push(bar);
    else rejected.push({ bar, reason });
  }
  return { accepted, rejected };
}

function fault(bar: Bar, { timeframe, calendar }: BarCheck): RejectionReason | undefined {
  const { open, high, low, close, volume } = bar;
  if (!Number.isSafeInteger(bar.openMs) || ![open, high, low, close, volume].every(isNormalDecimal)) {
    return 'not_a_number';
  }
  if (!isExpectedOpen(bar.openMs, { timeframe, calendar, sessions: 'extended' })) return 'misaligned';
  if ([open, high, low, close].some((price) => compareDecimal(price, '0') <= 0)) return 'non_positive_price';
  if (compareDecimal(volume, '0') < 0) return 'negative_volume';
  const inside = [open, close].every(
    (price) => compareDecimal(low, price) <= 0 && compareDecimal(price, high) <= 0,
  );
  return inside ? undefined : 'ohlc_inconsistent';
}

function untimely(bar: Bar, check: BarCheck): RejectionReason | undefined {
  if (closeMs(bar.openMs, check.timeframe, check.calendar) > check.clockMs) return 'open_bar';
  if (check.watermarkMs !== null && bar.openMs <= check.watermarkMs) return 'before_watermark';
  return undefined;
}

function outOfSequence(bar: Bar, accepted: readonly Bar[]): RejectionReason | undefined {
  const last = accepted.at(-1);
  if (last === undefined || last.openMs < bar.openMs) return undefined;
  const twin = accepted[lowerBound(accepted, bar.openMs, (each) => each.openMs)];
  if (twin?.openMs !== bar.openMs) return 'out_of_order';
  return sameValues(twin, bar) ? 'duplicate_identical' : 'duplicate_conflicting';
}

/** How many bars were rejected for one reason. */
export interface RejectionCount {
  readonly reason: RejectionReason;
  readonly count: number;
  /** Open time of the first bar that was rejected so; null where it has no valid one. Unix ms. */
  readonly firstOpenMs: number | null;
}

/** Counts rejected bars by reason, in the order of `REJECTION_REASONS`. */
export function countRejections(rejected: readonly RejectedBar[]): RejectionCount[] {
  const byReason = Map.groupBy(rejected, (each) => each.reason);
  return REJECTION_REASONS.flatMap((reason) => {
    const bars = byReason.get(reason) ?? [];
    const openMs = bars[0]?.bar.openMs;
    if (openMs === undefined) return [];
    const valid = Number.isSafeInteger(openMs) && openMs >= 0;
    return [{ reason, count: bars.length, firstOpenMs: valid ? openMs : null }];
  });
}
