import type { Study, StudyResult } from '@aistock/shared';
import { backtestOverfitting } from '@aistock/trading/honesty';
import { plateauOf } from '@aistock/trading/studies';
import type { PointResult } from '../job/run-job.ts';
import type { Studied, StudyTools } from './run-study.ts';
import { ranking, scoreOf } from './score.ts';

/** Points of the table that a result shows; the record of trials has them all. */
const POINTS_SHOWN_MAX = 1_000;

/** Tries every combination over the whole period; the best is the result, and was chosen on the data that it is shown on. */
export async function sweep(
  { criterion, ranges }: Extract<Study, { type: 'sweep' }>,
  { grid, evaluate }: StudyTools,
): Promise<Studied> {
  const results = await evaluate(grid.map((params) => ({ params })));
  const figures = results.map((result) => result.figures);
  const scored = grid.map((params, index) => ({ params, score: scoreOf(figures[index]!, criterion) }));
  const order = ranking(scored.map(({ score }) => score));
  const best = scored[order[0]!]!;
  const plateau = plateauOf(best, scored, ranges);
  return {
    study: {
      type: 'sweep',
      criterion,
      combinations: grid.length,
      points: order
        .slice(0, POINTS_SHOWN_MAX)
        .map((index) => ({ params: { ...grid[index]! }, figures: figures[index]! })),
      plateau: plateau && {
        neighbours: plateau.neighbours,
        median: plateau.median,
        worst: plateau.worst,
        near_share: plateau.nearShare,
      },
      overfitting: overfittingOf(results),
    },
    segments: [{ params: best.params }],
    tried: grid.map((params, index) => ({ params, sharpe: figures[index]!.sharpe })),
  };
}

/** Whether the best of some days is good on the others; of one combination, or of few days, nothing can be said. */
function overfittingOf(
  results: readonly PointResult[],
): Extract<StudyResult, { type: 'sweep' }>['overfitting'] {
  const blocks = results.flatMap((result) => (result.blocks ? [result.blocks] : []));
  // An account that loses everything has fewer days than the others: then the trials cannot be compared.
  const days = new Set(blocks.map(([first]) => first?.count));
  if (blocks.length < Math.max(2, results.length) || days.size > 1) return null;
  const { probability, lossProbability, slope, splits } = backtestOverfitting(blocks);
  return { probability, loss_probability: lossProbability, slope, splits };
}
