import type { Study } from '@aistock/shared';
import { plateauOf } from '@aistock/trading/studies';
import type { Studied, StudyTools } from './run-study.ts';
import { ranking, scoreOf } from './score.ts';

/** Points of the table that a result shows; the record of trials has them all. */
const POINTS_SHOWN_MAX = 1_000;

/** Tries every combination over the whole period; the best is the result, and was chosen on the data that it is shown on. */
export async function sweep(
  { criterion, ranges }: Extract<Study, { type: 'sweep' }>,
  { grid, evaluate }: StudyTools,
): Promise<Studied> {
  const figures = await evaluate(grid.map((params) => ({ params })));
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
    },
    segments: [{ params: best.params }],
    tried: grid.map((params, index) => ({ params, sharpe: figures[index]!.sharpe })),
  };
}
