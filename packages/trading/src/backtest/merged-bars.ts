import { closeMs, countExpectedBars, TIMEFRAME_MS } from '@aistock/market';
import type { StreamSetup } from '../core/index.ts';
import type { BacktestSeries } from './terms.ts';

/** One of several series on its way through time. */
export interface BarTrack {
  readonly setup: StreamSetup;
  readonly data: BacktestSeries;
  /** Index of the next bar. */
  next: number;
  /** When it closes, Unix ms; Infinity after the last. */
  nextCloseMs: number;
  /** When the bar before it closed; -Infinity before the first. */
  newestCloseMs: number;
}

/** Bars of several streams in the order in which they close; those of one time by the id of their stream. */
export class MergedBars {
  /** By stream id. */
  readonly tracks: readonly BarTrack[];

  /** @throws RangeError where bars that are not traded close after ones that are. */
  constructor(setups: readonly StreamSetup[], series: ReadonlyMap<string, BacktestSeries>) {
    this.tracks = setups
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map((setup) => {
        const data = series.get(setup.id);
        if (!data) throw new RangeError(`there are no bars of ${setup.id}`);
        return trackFrom(setup, data);
      });
    const firstMs = this.nextCloseMs();
    for (const { setup, newestCloseMs } of this.tracks)
      if (newestCloseMs >= firstMs)
        throw new RangeError(`${setup.id} warms up past the first bar that is traded`);
  }

  /** How many bars are traded. */
  get length(): number {
    return this.tracks.reduce((sum, { data }) => sum + data.series.length - data.warmUp, 0);
  }

  /** When the first bar that is traded opens, Unix ms; undefined where there is none. */
  get firstOpenMs(): number | undefined {
    const opens = this.tracks
      .filter(({ next, data }) => next < data.series.length)
      .map(({ next, data }) => data.series.openMs[next]!);
    return opens.length === 0 ? undefined : Math.min(...opens);
  }

  /** When the next bar closes, Unix ms; Infinity after the last. */
  nextCloseMs(): number {
    let earliestMs = Infinity;
    for (const { nextCloseMs } of this.tracks) if (nextCloseMs < earliestMs) earliestMs = nextCloseMs;
    return earliestMs;
  }
}

/** Goes on to the bar after the next. */
export function advance(track: BarTrack): void {
  track.next++;
  track.newestCloseMs = track.nextCloseMs;
  track.nextCloseMs = closeOf(track.setup, track.data, track.next);
}

/** Whether the calendar expects bars between the last bar and the next that are not there. */
export function isAfterGap({ setup: { timeframe, calendar }, data: { series }, next }: BarTrack): boolean {
  if (next === 0) return false;
  const [beforeMs, openMs] = [series.openMs[next - 1]!, series.openMs[next]!];
  const dueMs = beforeMs + TIMEFRAME_MS[timeframe];
  return dueMs < openMs && countExpectedBars(dueMs, openMs, { timeframe, calendar }) > 0;
}

function trackFrom(setup: StreamSetup, data: BacktestSeries): BarTrack {
  const { warmUp, series } = data;
  if (!(warmUp >= 0 && warmUp <= series.length))
    throw new RangeError(`${setup.id} cannot warm up over ${warmUp} of ${series.length} bars`);
  return {
    setup,
    data,
    next: warmUp,
    nextCloseMs: closeOf(setup, data, warmUp),
    newestCloseMs: warmUp === 0 ? -Infinity : closeOf(setup, data, warmUp - 1),
  };
}

function closeOf({ timeframe, calendar }: StreamSetup, { series }: BacktestSeries, index: number): number {
  return index < series.length ? closeMs(series.openMs[index]!, timeframe, calendar) : Infinity;
}
