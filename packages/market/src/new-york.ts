import { DAY_MS, HOUR_MS } from './timeframe.ts';

/** New York's clock, by the platform's time zone data. One formatter, kept: making one costs a thousand conversions. */
const CLOCK = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  hour: 'numeric',
});
/** 17:00 UTC is 12:00 in New York in winter and 13:00 in summer. */
const PROBE_HOUR_UTC = 17;

/**
 * Unix ms of 00:00 in New York of a calendar day.
 * @param dayUtcMs the same day's 00:00 UTC.
 */
export function newYorkMidnightMs(dayUtcMs: number): number {
  const hour = Number(CLOCK.format(dayUtcMs + PROBE_HOUR_UTC * HOUR_MS));
  return dayUtcMs + (PROBE_HOUR_UTC - hour) * HOUR_MS;
}

/** The calendar day in New York at a time, such as `2024-07-30`. */
export function newYorkDay(ms: number): string {
  const dayUtcMs = Math.floor(ms / DAY_MS) * DAY_MS;
  const dayMs = newYorkMidnightMs(dayUtcMs) <= ms ? dayUtcMs : dayUtcMs - DAY_MS;
  return new Date(dayMs).toISOString().slice(0, 10);
}
