import type { BarView } from '../../bars/index.ts';

const DAY_MS = 86_400_000;

/** Whether a bar that closed at a time is the last of its slice: time from 1970 on is cut into slices of one length. */
export function endsSlice(closeMs: number, barMs: number, sliceMs: number): boolean {
  return Math.floor(closeMs / sliceMs) !== Math.floor((closeMs - barMs) / sliceMs);
}

/**
 * Volume that past days had in the slice that begins now: the mean over the days of the window that have a bar at these
 * times of the day, in UTC. 0 where none has, as at the end of a session. On the days after clocks were moved it looks an
 * hour beside.
 * @param sliceMs a day at most.
 */
export function expectedVolume(bars: BarView, windowBars: number, beginMs: number, sliceMs: number): number {
  let volume = 0;
  let days = 0;
  let dayCounted = 0;
  for (let ago = 0; ago < windowBars; ago++) {
    const sinceMs = bars.openMs(ago) - beginMs;
    const day = Math.floor(sinceMs / DAY_MS);
    if (sinceMs - day * DAY_MS >= sliceMs) continue;
    volume += bars.volume(ago);
    if (day !== dayCounted) days++;
    dayCounted = day;
  }
  return days === 0 ? 0 : volume / days;
}

/** What was traded in the bars of the window from a time on. */
export interface Traded {
  readonly volume: number;
  /** Volume-weighted mean of the bars' typical prices, (high + low + close) / 3; of the newest bar where nothing was traded. */
  readonly vwap: number;
}

/** @param fromMs open time of the first bar that counts; with Infinity none does. */
export function tradedSince(bars: BarView, windowBars: number, fromMs: number): Traded {
  let volume = 0;
  let value = 0;
  for (let ago = 0; ago < windowBars && bars.openMs(ago) >= fromMs; ago++) {
    volume += bars.volume(ago);
    value += bars.volume(ago) * typicalPrice(bars, ago);
  }
  return { volume, vwap: volume > 0 ? value / volume : typicalPrice(bars, 0) };
}

const typicalPrice = (bars: BarView, ago: number): number =>
  (bars.high(ago) + bars.low(ago) + bars.close(ago)) / 3;
