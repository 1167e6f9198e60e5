import { TIMEFRAME_MS, type Calendar, type Timeframe } from '@aistock/market';
import type { StreamFacts } from '../stream-spec.ts';

/** A cron expression with seconds, and the place whose clock it goes by. */
export interface Cron {
  readonly expression: string;
  readonly timezone: 'UTC' | 'America/New_York';
}

export interface BarTimes {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly facts: Pick<StreamFacts, 'session'>;
}

const MINUTE_S = 60;
const HOUR_MINUTES = 60;
const DAY_HOURS = 24;
/** Hours of New York in which bars close: regular sessions up to 16:00, extended ones up to 20:00. */
const REGULAR_HOURS = [9, 16] as const;
const EXTENDED_HOURS = [4, 20] as const;
/** Closes of short days and of the others. */
const DAY_CLOSE_HOURS = '13,16';

/**
 * So long after each bar of a stream should have closed. Bars of a stock exchange count from midnight in New York, all
 * others from 00:00 UTC.
 * @param delayS - whole seconds, less than an hour.
 */
export function barCloseCron({ timeframe, calendar, facts }: BarTimes, delayS: number): Cron {
  const timezone = calendar === 'xnys' ? 'America/New_York' : 'UTC';
  const second = delayS % MINUTE_S;
  const minute = Math.floor(delayS / MINUTE_S);
  const stepMinutes = TIMEFRAME_MS[timeframe] / 60_000;
  const minutes =
    stepMinutes < HOUR_MINUTES ? every(stepMinutes, minute % stepMinutes, HOUR_MINUTES) : String(minute);
  if (calendar !== 'xnys')
    return { expression: `${second} ${minutes} ${roundTheClock(stepMinutes)} * * *`, timezone };
  const hours = timeframe === '1d' ? DAY_CLOSE_HOURS : sessionHours(stepMinutes, facts.session);
  return { expression: `${second} ${minutes} ${hours} * * 1-5`, timezone };
}

/** Multiples of a step below an end, moved on by an offset that is less than the step. */
function every(step: number, offset: number, end: number): string {
  if (step === 1) return '*';
  return Array.from({ length: end / step }, (_, index) => index * step + offset).join(',');
}

function roundTheClock(stepMinutes: number): string {
  const stepHours = stepMinutes / HOUR_MINUTES;
  return stepHours <= 1 ? '*' : every(stepHours, 0, DAY_HOURS);
}

function sessionHours(stepMinutes: number, session: StreamFacts['session']): string {
  const [from, to] = session === 'extended' ? EXTENDED_HOURS : REGULAR_HOURS;
  const step = Math.max(1, stepMinutes / HOUR_MINUTES);
  const hours = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  return hours.filter((hour) => hour % step === 0).join(',');
}
