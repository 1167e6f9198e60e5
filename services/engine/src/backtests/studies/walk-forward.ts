import type { PointFigures, Study } from '@aistock/shared';
import { planFolds, type Fold } from '@aistock/trading/studies';
import type { FullRequest, Point } from '../job/run-job.ts';
import type { Studied, StudyTools } from './run-study.ts';
import { ranking, scoreOf } from './score.ts';

type WalkForward = Extract<Study, { type: 'walk_forward' }>;

/** For each fold, trades the best combination of the train window in the test window; the tests are the result. */
export async function walkForward(
  study: WalkForward,
  request: FullRequest,
  { grid, evaluate }: StudyTools,
): Promise<Studied> {
  const folds = foldsOf(study, request);
  const results = await evaluate(
    folds.flatMap(({ trainFromMs, trainToMs }) =>
      grid.map((params) => ({ params, fromMs: trainFromMs, toMs: trainToMs })),
    ),
  );
  const trained = results.map(({ figures }) => figures);
  const trainOf = (fold: number): PointFigures[] =>
    trained.slice(fold * grid.length, (fold + 1) * grid.length);
  const chosen = folds.map((_, fold) => {
    const figures = trainOf(fold);
    return ranking(figures.map((each) => scoreOf(each, study.criterion)))[0]!;
  });
  const segments: Point[] = folds.map(({ testFromMs, testToMs }, fold) => ({
    params: grid[chosen[fold]!]!,
    fromMs: testFromMs,
    toMs: testToMs,
  }));
  const tests = await evaluate(segments);
  const told = folds.map((fold, index) => ({
    ...wireFold(fold),
    params: { ...grid[chosen[index]!]! },
    train: trainOf(index)[chosen[index]!]!,
    test: tests[index]!.figures,
  }));
  return {
    study: {
      type: 'walk_forward',
      criterion: study.criterion,
      combinations: grid.length,
      folds: told,
      efficiency: efficiencyOf(told),
    },
    segments,
    tried: grid.map((params, point) => ({
      params,
      sharpe: meanOf(folds.map((_, fold) => trainOf(fold)[point]!.sharpe)),
    })),
  };
}

/** @throws RangeError for a period that holds no fold. */
export function foldsOf(study: WalkForward, request: Pick<FullRequest, 'from_ms' | 'to_ms'>): Fold[] {
  return planFolds({
    fromMs: request.from_ms,
    toMs: request.to_ms,
    trainMs: study.train_ms,
    testMs: study.test_ms,
    mode: study.mode,
    purgeMs: study.purge_ms,
    embargoMs: study.embargo_ms,
  });
}

function wireFold({ trainFromMs, trainToMs, testFromMs, testToMs }: Fold) {
  return {
    train_from_ms: trainFromMs,
    train_to_ms: trainToMs,
    test_from_ms: testFromMs,
    test_to_ms: testToMs,
  };
}

/** How much of what was promised in training was kept: mean Sharpe ratio of the tests over that of the trains. */
function efficiencyOf(folds: readonly { train: PointFigures; test: PointFigures }[]): number | null {
  const train = meanOf(folds.map((fold) => fold.train.sharpe));
  const test = meanOf(folds.map((fold) => fold.test.sharpe));
  return train === null || test === null || train <= 0 ? null : test / train;
}

/** Of the values that are there. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
