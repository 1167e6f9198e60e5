import { dailyOpenMs } from './calendar.ts';
import type { ExchangeDay } from './exchange-day.ts';
import { DAY_MS } from './timeframe.ts';
import { xnysSessions, type Hours } from './xnys-sessions.ts';

/** A day on which two calendars do not say the same. Undefined is a day without trading. */
export interface CalendarDifference {
  readonly day: string;
  readonly ours: ExchangeDay | undefined;
  readonly theirs: ExchangeDay | undefined;
}

/** What two calendars of an exchange come to. */
export interface ReconciledCalendar {
  readonly differences: readonly CalendarDifference[];
  /** When, by ours, the market is open and, by theirs, it is closed; ascending. */
  readonly closed: readonly Hours[];
}

/** The sessions of the New York Stock Exchange that open in [fromMs, toMs), as this package's table has them. */
export function xnysDays(fromMs: number, toMs: number): ExchangeDay[] {
  return xnysSessions()
    .filter(({ regular }) => fromMs <= regular.fromMs && regular.fromMs < toMs)
    .map(({ midnightMs, regular }) => ({
      day: new Date(midnightMs).toISOString().slice(0, 10),
      opensMs: regular.fromMs,
      closesMs: regular.toMs,
    }));
}

/**
 * Compares two calendars of an exchange in New York, from the first to the last day of theirs; both in order. Where they
 * differ the market is taken to be open only while both say so: the later opening, the earlier close, and no trading on
 * a day that one of them does not have. What is behind an early close, also after hours, is closed.
 */
export function reconcileCalendar(
  ours: readonly ExchangeDay[],
  theirs: readonly ExchangeDay[],
): ReconciledCalendar {
  const [first, last] = [theirs[0]?.day ?? '', theirs.at(-1)?.day ?? ''];
  const oursByDay = new Map(
    ours.filter(({ day }) => first <= day && day <= last).map((each) => [each.day, each]),
  );
  const theirsByDay = new Map(theirs.map((each) => [each.day, each]));
  const differences: CalendarDifference[] = [];
  const closed: Hours[] = [];
  for (const day of [...new Set([...oursByDay.keys(), ...theirsByDay.keys()])].toSorted()) {
    const difference = { day, ours: oursByDay.get(day), theirs: theirsByDay.get(day) };
    if (isSame(difference)) continue;
    differences.push(difference);
    closed.push(...closedOn(difference));
  }
  return { differences, closed };
}

function isSame({ ours, theirs }: CalendarDifference): boolean {
  return ours?.opensMs === theirs?.opensMs && ours?.closesMs === theirs?.closesMs;
}

function closedOn({ day, ours, theirs }: CalendarDifference): Hours[] {
  if (!ours) return [];
  const midnightMs = dailyOpenMs(Date.parse(day), 'xnys');
  const nextMs = midnightMs + DAY_MS;
  if (!theirs) return [{ fromMs: midnightMs, toMs: nextMs }];
  const hours = [
    { fromMs: ours.opensMs, toMs: theirs.opensMs },
    { fromMs: theirs.closesMs, toMs: theirs.closesMs < ours.closesMs ? nextMs : theirs.closesMs },
  ];
  return hours.filter(({ fromMs, toMs }) => fromMs < toMs);
}
