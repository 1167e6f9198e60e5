import type { Calendar } from '@aistock/market';
import { dailyValues, type EquityCurve } from './equity-curve.ts';

/** Total return of a calendar month, UTC; the first and the last may be parts of one. */
export interface MonthlyReturn {
  readonly year: number;
  /** From 1 to 12. */
  readonly month: number;
  /** Null where there was nothing to return on. */
  readonly return: number | null;
}

const DAY_MS = 86_400_000;

/** Returns by month in the order of time, each from the last value of the month before; months without a value are left out. */
export function monthlyReturns(curve: EquityCurve, calendar: Calendar): MonthlyReturn[] {
  const { start, days, values } = dailyValues(curve.atMs, curve.equity, calendar);
  const months: { year: number; month: number; end: number }[] = [];
  for (const [index, day] of days.entries()) {
    const date = new Date(day * DAY_MS);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
    const newest = months.at(-1);
    if (newest?.year === year && newest.month === month) newest.end = values[index]!;
    else months.push({ year, month, end: values[index]! });
  }
  return months.map(({ year, month, end }, index) => {
    const from = index === 0 ? start : months[index - 1]!.end;
    return { year, month, return: from > 0 ? end / from - 1 : null };
  });
}
