import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_COSTS } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
import { STRATEGIES } from '@aistock/trading/strategies';
import { generatedMarket } from '../experiment/generated-market.fixture.ts';
import { walkForward } from '../folds/walk-forward.ts';
import { foldRegimes } from './fold-regimes.ts';
import { performanceEvidence } from './performance-evidence.ts';
import { runWalk } from './run-walk.ts';
import type { FoldModel, StrategyWalk } from './strategy-walk.ts';

const PARAMS = {
  fast_bars: 5,
  slow_bars: 20,
  atr_bars: 5,
  stop_atr: 4,
  trend_min: 0.1,
  risk_fraction: 0.5,
};
const PRICE_DIGITS = 4;
const bars = generatedMarket({
  bars: 900,
  regimes: [{ mean: 0.002, deviation: 0.01 }],
  stay: 1,
  seed: 5,
}).map(({ openMs, open, high, low, close }) => ({
  openMs,
  open: open.toFixed(PRICE_DIGITS),
  high: high.toFixed(PRICE_DIGITS),
  low: low.toFixed(PRICE_DIGITS),
  close: close.toFixed(PRICE_DIGITS),
  volume: '1000000',
}));

const saying =
  (hmmTrend: number): FoldModel['regimes'] =>
  (seen) =>
    seen.map(() => ({ modelId: 'm', hmmTrend, hmmRisk: 0 }));

function walkWith(regimes: FoldModel['regimes'], change: Partial<StrategyWalk> = {}): StrategyWalk {
  const folds = walkForward({
    rows: bars.length,
    trainRows: 400,
    testRows: 120,
    mode: 'anchored',
    purgeRows: 10,
    embargoRows: 5,
  });
  return {
    strategy: STRATEGIES.get('trend_following')!,
    presets: new Map([
      ['fast', PARAMS],
      ['slow', { ...PARAMS, fast_bars: 10, slow_bars: 40 }],
    ]),
    conservative: { ...PARAMS, risk_fraction: 0.1 },
    stream: {
      id: 'csv:X:1d',
      instrument: 'X',
      timeframe: '1d',
      calendar: 'always',
      rules: [{ fromMs: 0, lotSize: '0.0001', tickSize: '0.0001', notionalMin: '0' }],
    },
    currency: 'USD',
    series: BarSeries.of(bars),
    folds,
    models: folds.map(() => ({ regimes })),
    modelUse: 'confirm',
    costs: DEFAULT_COSTS,
    seed: 1,
    ...change,
  };
}
const variant = (walk: StrategyWalk) => ({
  params: PARAMS,
  series: walk.series,
  costs: walk.costs,
  regimes: foldRegimes(walk, walk.series),
});

test('a walk trades in its test windows only, each position left at the end of its window', () => {
  const walk = walkWith(saying(1));
  const result = runWalk(walk, variant(walk));
  assert.ok(result.trades.length > 5, `${result.trades.length} trades`);
  for (const { entryMs, exitMs } of result.trades) {
    const inside = walk.folds.filter(
      ({ testFrom, testTo }) =>
        entryMs >= bars[testFrom]!.openMs && exitMs <= bars[testTo - 1]!.openMs + 86_400_000,
    );
    assert.equal(inside.length, 1);
  }
});

test('the word of the model decides: against every entry lets none through, and silence trades the conservative preset', () => {
  const walk = walkWith(saying(-1));
  assert.equal(runWalk(walk, variant(walk)).trades.length, 0);
  const silent = walkWith((seen) => seen.map(() => null));
  const conservative = { ...variant(silent), params: silent.conservative };
  const quiet = runWalk(silent, variant(silent));
  assert.ok(quiet.trades.length > 0);
  assert.deepEqual(quiet.equity, runWalk(silent, conservative).equity);
});

test('a model is asked for the bars up to the end of its window and none after', () => {
  const asked: number[] = [];
  const walk = walkWith((seen) => {
    asked.push(seen.length);
    return saying(1)(seen);
  });
  runWalk(walk, variant(walk));
  assert.deepEqual(
    asked,
    walk.folds.map(({ testTo }) => testTo),
  );
});

test('figures are of the best preset, every preset is a trial, and every scenario was run', () => {
  const walk = walkWith(saying(1));
  const told = performanceEvidence(walk, { models: 6, sharpesAnnual: [0.1, 2.3, -1] });
  assert.equal(told.trials, 12);
  assert.equal(told.folds, walk.folds.length);
  assert.ok(told.sharpe !== null && told.deflatedSharpe !== null && told.overfitting !== null);
  for (const params of walk.presets.values()) {
    const { equity } = runWalk(walk, { ...variant(walk), params });
    assert.ok(equity.length > 0);
  }
  assert.deepEqual(
    told.scenarios.map(({ name }) => name),
    ['volatility_x2', 'gap_up', 'gap_down', 'spread_x3', 'fee_x2', 'missing_bars', 'delayed_data'],
  );
  assert.ok(told.scenarios.every(({ totalReturn }) => totalReturn !== null));
  assert.ok(told.slippageBps !== null && told.slippageBps > 0 && told.slippageBps < 5);
  const alone = performanceEvidence(walk, { models: 1, sharpesAnnual: [] });
  assert.ok(alone.deflatedSharpe! > told.deflatedSharpe, 'more trials explain more by luck');
});

test('a single preset has nothing to be chosen from, so overfitting is not known', () => {
  const walk = walkWith(saying(1), { presets: new Map([['only', PARAMS]]) });
  assert.equal(performanceEvidence(walk, { models: 1, sharpesAnnual: [] }).overfitting, null);
});
