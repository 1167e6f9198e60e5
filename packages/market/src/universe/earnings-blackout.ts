import { newYorkDay } from '../new-york.ts';
import { DAY_MS } from '../timeframe.ts';

/** Around a report of earnings an instrument is no member, in calendar days. */
export interface EarningsBlackout {
  /** Out so many days before the day of the report. */
  readonly daysBefore: number;
  /** And so many after it; the day itself always. */
  readonly daysAfter: number;
}

/** The days in New York, such as `2024-07-30`, on which a report would keep an instrument out as of this time. */
export function blackoutDays(asOfMs: number, { daysBefore, daysAfter }: EarningsBlackout): string[] {
  const todayMs = Date.parse(newYorkDay(asOfMs));
  return Array.from({ length: daysAfter + 1 + daysBefore }, (_, index) =>
    new Date(todayMs + (index - daysAfter) * DAY_MS).toISOString().slice(0, 10),
  );
}
