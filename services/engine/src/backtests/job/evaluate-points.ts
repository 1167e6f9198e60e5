import type { PointFigures } from '@aistock/shared';
import { runBacktest } from '@aistock/trading/backtest';
import { heldSeries } from './held-series.ts';
import { performanceOf, pointFigures } from './point-figures.ts';
import { pointTerms } from './point-terms.ts';
import type { Point, RunJob } from './run-job.ts';

/** Runs points of a job one after the other in this thread. */
export function evaluatePoints(job: RunJob, points: readonly Point[]): PointFigures[] {
  const series = heldSeries(job);
  return points.map((point) => {
    const result = runBacktest(pointTerms(job, series, point, { record: null }));
    return pointFigures(result, performanceOf(result, job.streams[0]!.calendar));
  });
}
