import { MODEL_WARM_UP_BARS, modelFeatures, toPriceBar, type Bar } from '@aistock/market';
import {
  performanceEvidence,
  purgeFor,
  walkForward,
  type FoldModel,
  type PerformanceEvidence,
  type PromotionPolicy,
  type RowFold,
} from '@aistock/promotion';
import { DEFAULT_COSTS } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
import { quoteCurrency } from '@aistock/trading/core';
import { STRATEGIES } from '@aistock/trading/strategies';
import { streamParts } from '../stream-parts.ts';
import { fitBest } from '../training/find-challenger.ts';
import type { TrainingJob } from '../training/training-job.ts';
import { foldModel } from './fold-model.ts';
import type { JudgedStrategy } from './judged-strategy.ts';

/** A decision at a close is filled in the next bar. */
const LABEL_HORIZON_BARS = 1;
/** Where the name of an instrument does not say: stocks. */
const CURRENCY_DEFAULT = 'USD';

export interface WalkInput {
  readonly stream: string;
  readonly bars: readonly Bar[];
  readonly job: TrainingJob;
  readonly seed: number;
}

/** Why a strategy cannot be walked forward on these bars. */
export class WalkProblem extends Error {
  override readonly name = 'WalkProblem';
}

/**
 * Walks a strategy forward over the bars, with a model that is fitted anew for each fold on the bars before it, as the
 * challenger was.
 * @throws WalkProblem where the strategy needs more than one stream, or the bars are too few; HmmError for a fold that cannot
 * be fitted.
 */
export function walkStrategy(judged: JudgedStrategy, input: WalkInput): PerformanceEvidence {
  const { stream, bars, job, seed } = input;
  const strategy = STRATEGIES.get(judged.strategy);
  if (!strategy) throw new WalkProblem(`there is no strategy ${judged.strategy}`);
  if (strategy.legs !== 1)
    throw new WalkProblem(`${judged.strategy} trades ${strategy.legs} streams together, and a model has one`);
  // A line goes on with bars that may be too few to fit any model anew.
  if (job.states.length === 0)
    throw new WalkProblem(`${bars.length} bars are too few to fit a model for each fold`);
  const { performance: policy } = judged.policy;
  const folds = foldsOf(bars.length, policy);
  if (folds.length === 0) throw new WalkProblem(`${bars.length} bars are too few for ${policy.folds} folds`);
  const { instrument, timeframe } = streamParts(stream);
  return performanceEvidence(
    {
      strategy,
      presets: new Map(Object.entries(judged.presets)),
      conservative: judged.presets[judged.conservative]!,
      stream: {
        id: stream,
        instrument,
        timeframe,
        calendar: judged.calendar,
        rules: [{ fromMs: 0, lotSize: '0.00000001', tickSize: '0.00000001', notionalMin: '0' }],
      },
      currency: quoteCurrency(instrument) ?? CURRENCY_DEFAULT,
      series: BarSeries.of(bars),
      folds,
      models: folds.map((fold, index) => modelOf(index, bars.slice(fold.trainFrom, fold.trainTo), job)),
      modelUse: policy.model_use,
      costs: DEFAULT_COSTS,
      seed,
    },
    judged.tried,
  );
}

function foldsOf(bars: number, policy: PromotionPolicy['performance']): RowFold[] {
  const purgeRows = purgeFor(LABEL_HORIZON_BARS, MODEL_WARM_UP_BARS);
  const testRows = Math.floor((bars * policy.test_share) / policy.folds);
  const trainRows = bars - policy.folds * testRows - purgeRows - policy.embargo_bars;
  if (testRows < 1 || trainRows < 1) return [];
  const { mode, embargo_bars: embargoRows } = policy;
  return walkForward({ rows: bars, trainRows, testRows, mode, purgeRows, embargoRows });
}

function modelOf(fold: number, bars: readonly Bar[], job: TrainingJob): FoldModel {
  const { dimensions, values } = modelFeatures(bars.map(toPriceBar));
  return foldModel(`fold_${fold}`, fitBest(job, { dimensions, values }));
}
