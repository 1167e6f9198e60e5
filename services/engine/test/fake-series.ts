import {
  closeMs,
  expectedOpens,
  TIMEFRAME_MS,
  type Bar,
  type Calendar,
  type Timeframe,
} from '@aistock/market';

const DAY_MS = 86_400_000;
export const FIRST_OPEN_MS = Date.UTC(2020, 0, 1);
export const STREAM = 'csv:FAKE:1d';
export const INSTRUMENT = 'FAKE';

/** The stream of a stack, and all of its bars. */
export interface FakeSeries {
  readonly stream: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly bars: readonly Bar[];
}

const priceOn = (day: number): number => 100 + 15 * Math.sin(day / 5) + 4 * Math.sin(day * 1.7);

/** A bar of a price that swings, the same at every call: trends long enough to be entered and left. */
function barOf(openMs: number, index: number): Bar {
  const open = priceOn(index);
  const close = priceOn(index + 0.9);
  return {
    openMs,
    open: open.toFixed(2),
    high: (Math.max(open, close) + 1).toFixed(2),
    low: (Math.min(open, close) - 1).toFixed(2),
    close: close.toFixed(2),
    volume: '1000',
  };
}

export function fakeBars(count: number): Bar[] {
  return Array.from({ length: count }, (_, day) => barOf(FIRST_OPEN_MS + day * DAY_MS, day));
}

export const dailySeries = (bars: readonly Bar[]): FakeSeries => ({
  stream: STREAM,
  instrument: INSTRUMENT,
  timeframe: '1d',
  calendar: 'always',
  bars,
});

/** Bars of the regular hours in New York between two times. */
export function sessionSeries(timeframe: Timeframe, fromMs: number, toMs: number): FakeSeries {
  const opens = [...expectedOpens(fromMs, toMs, { timeframe, calendar: 'xnys' })];
  const bars = opens.map((openMs, index) => barOf(openMs, index));
  return {
    stream: `csv:${INSTRUMENT}:${timeframe}`,
    instrument: INSTRUMENT,
    timeframe,
    calendar: 'xnys',
    bars,
  };
}

export const closeOfBar = ({ timeframe, calendar }: FakeSeries, bar: Bar): number =>
  closeMs(bar.openMs, timeframe, calendar);
export const closeOf = (bar: Bar): number => bar.openMs + TIMEFRAME_MS['1d'];
export const dayMs = (day: number): number => FIRST_OPEN_MS + day * DAY_MS;
