import { firstFrom, sliceSeries, type BarSeries } from '@aistock/trading/bars';
import { runBacktest, type BacktestAnswers, type BacktestResult } from '@aistock/trading/backtest';
import { DEFAULT_ORDERS, type CoreSetup, type SlotParams } from '@aistock/trading/core';
import { DEFAULT_SIZING, sizingLookbackBars } from '@aistock/trading/sizing';
import type { StrategyParams } from '@aistock/trading/strategies';
import { mergeResults } from '@aistock/trading/studies';
import type { CostModel } from '@aistock/shared';
import type { RowFold } from '../folds/walk-forward.ts';
import { testEnd, type FoldRegimes } from './fold-regimes.ts';
import type { StrategyWalk } from './strategy-walk.ts';

const SLOT = 'walk';
const START_CASH = '100000';
/** No decision of param_controller stands behind a walk. */
const CONFIG_ID = '00000000-0000-4000-8000-000000000000';

/** What is run: the walk's own bars and costs, or those of a scenario. */
export interface WalkVariant {
  readonly params: StrategyParams;
  readonly series: BarSeries;
  readonly costs: CostModel;
  /** Of the series, one a fold. */
  readonly regimes: readonly FoldRegimes[];
}

/**
 * Trades every test window with the model of its fold through the backtest's core, after costs; positions are left at the end
 * of each window. The windows are put together to one result.
 * @throws RangeError for a walk without folds, and for terms that do not fit together.
 */
export function runWalk(walk: StrategyWalk, variant: WalkVariant): BacktestResult {
  return mergeResults(
    walk.folds.map((fold, index) => runFold(walk, variant, { fold, regimes: variant.regimes[index]! })),
  );
}

function runFold(
  walk: StrategyWalk,
  { params, series, costs }: WalkVariant,
  { fold, regimes }: { readonly fold: RowFold; readonly regimes: FoldRegimes },
): BacktestResult {
  const window = testWindow(walk, { params, series }, fold);
  return runBacktest({
    setup: setupOf(walk),
    series: new Map([[walk.stream.id, window]]),
    costs,
    answers: answersOf(walk, params, { regimes, series }),
    settleAtEnd: true,
    record: null,
  });
}

/** The fold's bars by their times, since a scenario may have taken some away, with what a decision looks back on. */
function testWindow(
  walk: StrategyWalk,
  { params, series }: Pick<WalkVariant, 'params' | 'series'>,
  fold: RowFold,
) {
  const { strategy, conservative, series: own } = walk;
  const reach = Math.max(
    ...[params, conservative].map((each) => strategy.lookbackBars(strategy.schema.parse(each))),
    sizingLookbackBars(DEFAULT_SIZING),
  );
  const first = firstFrom(series, own.openMs[fold.testFrom]!);
  const start = Math.max(0, first - reach);
  return { series: sliceSeries(series, start, testEnd(walk, series, fold)), warmUp: first - start };
}

function setupOf({ strategy, stream, currency, modelUse }: StrategyWalk): CoreSetup {
  return {
    account: SLOT,
    currency,
    startCash: START_CASH,
    streams: [stream],
    slots: [{ id: SLOT, strategy, streams: [stream.id], modelUse }],
    sizing: DEFAULT_SIZING,
    selection: null,
    orders: DEFAULT_ORDERS,
    limits: null,
  };
}

function answersOf(
  { strategy, conservative }: StrategyWalk,
  params: StrategyParams,
  { regimes, series }: { readonly regimes: FoldRegimes; readonly series: BarSeries },
): BacktestAnswers {
  const slotParams = (values: StrategyParams, source: SlotParams['source']): SlotParams => ({
    configId: CONFIG_ID,
    presetId: null,
    params: strategy.schema.parse(values),
    source,
    expiresMs: null,
  });
  const [chosen, without] = [slotParams(params, 'given'), slotParams(conservative, 'conservative')];
  return {
    regimeAt(_stream, barOpenMs) {
      const regime = regimes[firstFrom(series, barOpenMs)] ?? null;
      return { regime, missing: regime ? null : 'none' };
    },
    paramsAt: (_slot, _atMs, modelUsable) => ({ params: modelUsable ? chosen : without, missing: null }),
  };
}
