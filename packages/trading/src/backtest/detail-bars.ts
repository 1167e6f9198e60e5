import { closeMs, type Bar } from '@aistock/market';
import { firstFrom } from '../bars/index.ts';
import type { MatchTerms } from '../fills/index.ts';
import type { BarTrack } from './merged-bars.ts';

/** The finer bars inside the next bar of a track; undefined where there are none. */
export function detailBars({ setup, data, next }: BarTrack): MatchTerms['detail'] {
  if (!data.detail) return undefined;
  const { series, timeframe } = data.detail;
  const fromMs = data.series.openMs[next]!;
  const toMs = closeMs(fromMs, setup.timeframe, setup.calendar);
  const bars: Bar[] = [];
  for (let index = firstFrom(series, fromMs); index < series.length && series.openMs[index]! < toMs; index++)
    bars.push(series.exact(index));
  return { timeframe, bars };
}
