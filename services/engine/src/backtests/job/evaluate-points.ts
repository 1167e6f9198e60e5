import { runBacktest, type BacktestResult } from '@aistock/trading/backtest';
import { returnBlocks } from '@aistock/trading/honesty';
import { dailyValues, returnsOf } from '@aistock/trading/metrics';
import { heldSeries } from './held-series.ts';
import { performanceOf, pointFigures } from './point-figures.ts';
import { pointTerms } from './point-terms.ts';
import type { Point, PointResult, RunJob } from './run-job.ts';

/** Blocks that daily returns are told in. */
const BLOCKS = 16;
const DAYS_MIN = 2 * BLOCKS;

/** Runs points of a job one after the other in this thread. */
export function evaluatePoints(job: RunJob, points: readonly Point[]): PointResult[] {
  const series = heldSeries(job);
  const { calendar } = job.streams[0]!;
  return points.map((point) => {
    const result = runBacktest(pointTerms(job, series, point, { record: null }));
    return {
      figures: pointFigures(result, performanceOf(result, calendar)),
      blocks: blocksOf(result, calendar),
    };
  });
}

function blocksOf(
  { equityMs, equity }: BacktestResult,
  calendar: Parameters<typeof dailyValues>[2],
): PointResult['blocks'] {
  const { start, values } = dailyValues(equityMs, equity, calendar);
  const returns = returnsOf(start, values);
  return returns.length < DAYS_MIN ? null : returnBlocks(returns, BLOCKS);
}
