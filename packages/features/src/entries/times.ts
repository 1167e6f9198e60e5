import { TIMEFRAME_MS } from '@aistock/market';
import { feature, type Feature } from '../feature.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
const WEEK_MS = 7 * DAY_MS;
/** 1 January 1970 was a Thursday; weeks begin on Monday. */
const MONDAY_BEFORE_EPOCH_MS = 3 * DAY_MS;

interface Round {
  readonly name: string;
  readonly lengthMs: number;
  readonly offsetMs: number;
  readonly of: (angle: number) => number;
  readonly description: string;
}

const timeOf = ({ name, lengthMs, offsetMs, of, description }: Round): Feature =>
  feature<null>({
    name,
    version: 1,
    inputs: ['openMs'],
    options: {},
    warmUpBars: 0,
    unit: '-1 to 1',
    description,
    start: () => null,
    step: (_, { openMs }) => of((2 * Math.PI * ((openMs + offsetMs) % lengthMs)) / lengthMs),
  });

const day = { lengthMs: DAY_MS, offsetMs: 0 };
const week = { lengthMs: WEEK_MS, offsetMs: MONDAY_BEFORE_EPOCH_MS };

/** Where the open of a bar is in the day and in the week, UTC, as a point on a circle: midnight is next to 23:59. */
export const TIMES: readonly Feature[] = [
  timeOf({
    ...day,
    name: 'time_of_day_sin',
    of: Math.sin,
    description: 'Sine of the time since midnight, UTC.',
  }),
  timeOf({
    ...day,
    name: 'time_of_day_cos',
    of: Math.cos,
    description: 'Cosine of the time since midnight, UTC.',
  }),
  timeOf({
    ...week,
    name: 'time_of_week_sin',
    of: Math.sin,
    description: 'Sine of the time since Monday, UTC.',
  }),
  timeOf({
    ...week,
    name: 'time_of_week_cos',
    of: Math.cos,
    description: 'Cosine of the time since Monday, UTC.',
  }),
];
