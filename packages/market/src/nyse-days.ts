import { DAY_MS } from './timeframe.ts';

/** The years that the tables of this file are right for. */
export const XNYS_FIRST_YEAR = 1998;
export const XNYS_LAST_YEAR = 2035;

/** Days of mourning, attack and storm: closed all day. */
const SPECIAL_CLOSURES: ReadonlySet<string> = new Set([
  '2001-09-11',
  '2001-09-12',
  '2001-09-13',
  '2001-09-14',
  '2004-06-11',
  '2007-01-02',
  '2012-10-29',
  '2012-10-30',
  '2018-12-05',
  '2025-01-09',
]);
/** Closed at 13:00 outside of the rules below. */
const SPECIAL_EARLY_CLOSES: ReadonlySet<string> = new Set(['1999-12-31', '2003-12-26']);

const SUNDAY = 0;
const MONDAY = 1;
const TUESDAY = 2;
const WEDNESDAY = 3;
const THURSDAY = 4;
const SATURDAY = 6;

/** 00:00 UTC of a calendar day; months count from 1. */
const dayOf = (year: number, month: number, day: number): number => Date.UTC(year, month - 1, day);
const weekdayOf = (dayMs: number): number => (Math.floor(dayMs / DAY_MS) + THURSDAY) % 7;
const isoOf = (dayMs: number): string => new Date(dayMs).toISOString().slice(0, 10);

function weekdayOnOrAfter(dayMs: number, weekday: number): number {
  return dayMs + ((weekday - weekdayOf(dayMs) + 7) % 7) * DAY_MS;
}

/** On a Saturday it is kept on Friday, on a Sunday on Monday. */
function observed(dayMs: number): number {
  const weekday = weekdayOf(dayMs);
  return dayMs + (weekday === SATURDAY ? -DAY_MS : weekday === SUNDAY ? DAY_MS : 0);
}

/** Western Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, chapter 8). */
function easter(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const f = d + e - 7 * Math.floor((a + 11 * d + 22 * e) / 451) + 114;
  return dayOf(year, Math.floor(f / 31), (f % 31) + 1);
}

const thanksgiving = (year: number): number => weekdayOnOrAfter(dayOf(year, 11, 22), THURSDAY);

/** Days without a session by NYSE Rule 7.2. New Year's Day on a Saturday is not kept: Friday ends the year's books. */
function holidays(year: number): ReadonlySet<number> {
  const newYear = dayOf(year, 1, 1);
  return new Set([
    weekdayOf(newYear) === SATURDAY ? newYear : observed(newYear),
    weekdayOnOrAfter(dayOf(year, 1, 15), MONDAY), // Martin Luther King
    weekdayOnOrAfter(dayOf(year, 2, 15), MONDAY), // Washington
    easter(year) - 2 * DAY_MS, // Good Friday
    weekdayOnOrAfter(dayOf(year, 5, 25), MONDAY), // Memorial Day
    ...(year >= 2022 ? [observed(dayOf(year, 6, 19))] : []), // Juneteenth
    observed(dayOf(year, 7, 4)),
    weekdayOnOrAfter(dayOf(year, 9, 1), MONDAY), // Labor Day
    thanksgiving(year),
    observed(dayOf(year, 12, 25)),
  ]);
}

/** The session next to Independence Day that closes at 13:00, if there is one. */
function independenceEarlyClose(year: number): number | undefined {
  const third = dayOf(year, 7, 3);
  switch (weekdayOf(third)) {
    case MONDAY:
    case TUESDAY:
    case THURSDAY:
      return third;
    case WEDNESDAY: // Until 2012 the bridge day, Friday the 5th, was the short one.
      return year >= 2013 ? third : third + 2 * DAY_MS;
    default:
      return undefined;
  }
}

function earlyCloses(year: number): ReadonlySet<number | undefined> {
  return new Set([independenceEarlyClose(year), thanksgiving(year) + DAY_MS, dayOf(year, 12, 24)]);
}

export interface TradingDay {
  /** 00:00 UTC of the calendar day. */
  readonly dayUtcMs: number;
  /** Closes at 13:00 New York instead of 16:00. */
  readonly closesEarly: boolean;
}

/** The days of a year on which the NYSE trades, in order. */
export function nyseTradingDays(year: number): readonly TradingDay[] {
  const closed = holidays(year);
  const short = earlyCloses(year);
  const days: TradingDay[] = [];
  for (let dayUtcMs = dayOf(year, 1, 1); dayUtcMs < dayOf(year + 1, 1, 1); dayUtcMs += DAY_MS) {
    const weekday = weekdayOf(dayUtcMs);
    const iso = isoOf(dayUtcMs);
    if (weekday === SATURDAY || weekday === SUNDAY || closed.has(dayUtcMs) || SPECIAL_CLOSURES.has(iso))
      continue;
    days.push({ dayUtcMs, closesEarly: short.has(dayUtcMs) || SPECIAL_EARLY_CLOSES.has(iso) });
  }
  return days;
}
