import { firstFrom, type BarSeries } from '../../bars/index.ts';
import { mapBars } from '../scenarios/map-bars.ts';

/** Standard deviation of a step, about; larger than markets, so that whoever looks at it decides otherwise. */
const STEP = 0.05;

/**
 * The series with every bar that opens at this time or later replaced by a random walk from the close before: at the same
 * times, with the same volume, unlike what was there.
 */
export function noiseAfter(series: BarSeries, fromMs: number, random: () => number): BarSeries {
  const first = Math.max(1, firstFrom(series, fromMs));
  let close = series.close[first - 1]!;
  return mapBars(series, (bar, index) => {
    if (index < first) return bar;
    const open = close;
    close = open * Math.exp(STEP * (2 * random() - 1));
    const edge = 1 + (STEP / 2) * random();
    return {
      open,
      high: Math.max(open, close) * edge,
      low: Math.min(open, close) / edge,
      close,
      volume: bar.volume,
    };
  });
}
