import type { PriceBar } from '@aistock/market';
import { firstFrom, type BarColumns, type BarSeries } from '@aistock/trading/bars';
import type { RegimeView } from '@aistock/trading/strategies';
import type { RowFold } from '../folds/walk-forward.ts';
import type { StrategyWalk } from './strategy-walk.ts';

/** What the model of a fold says at the bars from the first one on. */
export type FoldRegimes = readonly (RegimeView | null)[];

/**
 * What the model of each fold says at every bar up to the end of its test window.
 * @param series the walk's own bars, or those of a scenario.
 */
export function foldRegimes(walk: StrategyWalk, series: BarSeries): FoldRegimes[] {
  const bars = priceBars(series);
  return walk.folds.map((fold, index) =>
    walk.models[index]!.regimes(bars.slice(0, testEnd(walk, series, fold))),
  );
}

/** Index after the last bar of a fold's test window, found by time, since a scenario may have taken some away. */
export function testEnd({ series: own }: StrategyWalk, series: BarSeries, { testTo }: RowFold): number {
  return testTo < own.length ? firstFrom(series, own.openMs[testTo]!) : series.length;
}

function priceBars({ length, openMs, open, high, low, close, volume }: BarColumns): PriceBar[] {
  return Array.from({ length }, (_, index) => ({
    openMs: openMs[index]!,
    open: open[index]!,
    high: high[index]!,
    low: low[index]!,
    close: close[index]!,
    volume: volume[index]!,
  }));
}
