import type { Calendar } from '@aistock/market';

/** Equity at times that ascend; the first value is from before any trade. One entry at least; float64 money. */
export interface EquityCurve {
  /** Unix ms: when the bars closed. */
  readonly atMs: Float64Array;
  readonly equity: Float64Array;
}

const DAY_MS = 86_400_000;
/** Sessions in New York lie between 04:00 and 20:00: five hours before UTC, summer or winter, that is within one day. */
const DAY_BEGINS_MS: Readonly<Record<Calendar, number>> = { always: 0, fx: 0, xnys: 5 * 3_600_000 };

/** The trading day that a bar's close belongs to, as days since 1970-01-01; midnight belongs to the day that ends. */
function tradingDay(closeMs: number, calendar: Calendar): number {
  return Math.floor((closeMs - 1 - DAY_BEGINS_MS[calendar]) / DAY_MS);
}

/** The values with which days ended. */
export interface DailyValues {
  /** What the first day began with: the first value of all, also where the first day has no other. */
  readonly start: number;
  /** Days since 1970-01-01, ascending; days without a value are left out. */
  readonly days: Int32Array;
  /** The last value of each of them. */
  readonly values: Float64Array;
}

/** The last value of each trading day. A first value that is alone in its day is where the second day starts, and no day. */
export function dailyValues(atMs: Float64Array, values: Float64Array, calendar: Calendar): DailyValues {
  if (atMs.length === 0 || atMs.length !== values.length)
    throw new RangeError('a curve has at least one value, and a time for each');
  const days: number[] = [];
  const ends: number[] = [];
  for (let index = 1; index < atMs.length; index++) {
    const day = tradingDay(atMs[index]!, calendar);
    if (days.at(-1) !== day) days.push(day);
    ends[days.length - 1] = values[index]!;
  }
  return { start: values[0]!, days: Int32Array.from(days), values: Float64Array.from(ends) };
}

/** Simple returns from each value to the next, `value / previous - 1`; they end where nothing is left to return on. */
export function returnsOf(start: number, values: Float64Array): Float64Array {
  if (!(start > 0)) return new Float64Array();
  const lost = values.findIndex((value) => !(value > 0));
  const known = lost < 0 ? values : values.subarray(0, lost + 1);
  return known.map((value, index) => value / (index === 0 ? start : known[index - 1]!) - 1);
}
