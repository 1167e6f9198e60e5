import assert from 'node:assert/strict';
import { test } from 'node:test';
import { walk } from '../test/bars.ts';
import {
  datasetOf,
  extendFrame,
  FeatureError,
  featuresNamed,
  featuresOf,
  FEATURES,
  MODEL_FEATURES,
  regimePosteriors,
  startFrame,
  warmUpBarsOf,
} from './index.ts';

const TERMS = { stream: 'sim:BTC/USDT:1m', timeframe: '1m', fileHashes: ['b', 'a'] } as const;
const refuses = (code: FeatureError['code'], message: RegExp) => (error: unknown) =>
  error instanceof FeatureError && error.code === code && message.test(error.message);

test('rows begin where the slowest feature is warm', () => {
  const bars = walk(1, 60);
  const features = featuresNamed(['return_log', 'zscore_20']);
  const dataset = datasetOf(bars, features, TERMS);
  assert.equal(warmUpBarsOf(features), 19);
  assert.deepEqual(
    [...dataset.openMs],
    bars.slice(19).map(({ openMs }) => openMs),
  );
  assert.deepEqual(dataset.features, [
    { name: 'return_log', version: 1 },
    { name: 'zscore_20', version: 1 },
  ]);
  assert.equal(dataset.columns[0]![0], Math.log(bars[19]!.close / bars[18]!.close));
  assert.deepEqual(dataset.fileHashes, ['a', 'b']);
  assert.equal(dataset.target, null);
});

test('too few bars make no rows', () => {
  const dataset = datasetOf(walk(1, 9), MODEL_FEATURES, {
    ...TERMS,
    target: { name: 'rises_ahead', horizonBars: 1 },
  });
  assert.equal(dataset.openMs.length, 0);
  assert.equal(dataset.target?.values.length, 0);
});

test('a target looks so many bars ahead, and is unknown where there are none', () => {
  const bars = walk(2, 40);
  const target = { name: 'return_log_ahead', horizonBars: 5 } as const;
  const { values } = datasetOf(bars, MODEL_FEATURES, { ...TERMS, target }).target!;
  assert.equal(values.length, 31);
  assert.equal(values[0], Math.log(bars[14]!.close / bars[9]!.close));
  assert.ok(values.slice(26).every(Number.isNaN) && !Number.isNaN(values[25]!));
  const rises = datasetOf(bars, MODEL_FEATURES, { ...TERMS, target: { ...target, name: 'rises_ahead' } });
  for (const [row, value] of rises.target!.values.entries())
    assert.equal(value, Number.isNaN(values[row]!) ? Number.NaN : Number(values[row]! > 0));
  for (const horizonBars of [0, -1, 1.5, Number.NaN])
    assert.throws(
      () => datasetOf(bars, MODEL_FEATURES, { ...TERMS, target: { name: 'rises_ahead', horizonBars } }),
      refuses('bad_option', /horizonBars must be a whole number from 1/),
    );
});

test('names are unique, and others are refused', () => {
  assert.equal(new Set(FEATURES.map(({ name }) => name)).size, FEATURES.length);
  assert.throws(() => featuresNamed(['rsi_15']), refuses('unknown_feature', /there is no feature rsi_15/));
  assert.throws(
    () => featuresOf([{ name: 'rsi_14', version: 2 }]),
    refuses('unknown_feature', /version 1, not 2/),
  );
  assert.equal(featuresOf([{ name: 'rsi_14', version: 1 }])[0]!.name, 'rsi_14');
});

test('a bar that no market made is refused, and nothing is taken', () => {
  const bars = walk(4, 3);
  const frame = startFrame(MODEL_FEATURES, '1m');
  const before = structuredClone(frame);
  const last = bars[2]!;
  for (const [change, message] of [
    [{ openMs: bars[1]!.openMs }, /must open after/],
    [{ openMs: last.openMs + 0.5 }, /whole ms/],
    [{ close: Number.NaN }, /prices must be finite and above 0/],
    [{ low: 0 }, /prices must be finite and above 0/],
    [{ high: Infinity }, /prices must be finite and above 0/],
    [{ volume: -1 }, /volume must be finite and from 0/],
    [{ volume: Number.NaN }, /volume must be finite and from 0/],
  ] as const) {
    const bad = [bars[0]!, bars[1]!, { ...last, ...change }];
    assert.throws(() => extendFrame(MODEL_FEATURES, frame, bad), refuses('bad_bar', message));
    assert.deepEqual(frame, before);
  }
});

test('the state of other features is refused', () => {
  const frame = startFrame(featuresNamed(['rsi_14']), '1m');
  assert.throws(
    () => extendFrame(MODEL_FEATURES, frame, []),
    refuses('bad_state', /the state is of rsi_14 1, not of/),
  );
});

test('a regime model that reads other features, or never forgets, is refused', () => {
  const model = {
    format: 'gaussian_hmm/1',
    covariance: 'diagonal',
    states: 2,
    dimensions: 2,
    scaling: { offsets: [0, 0], scales: [1, 1] },
    start: [0.5, 0.5],
    transition: [1, 0, 0, 1],
    means: [0, -8, 0, -6],
    covariances: [1, 1, 1, 1],
  };
  assert.throws(
    () => regimePosteriors({ modelId: 'm', model, reads: featuresNamed(['rsi_14']) }),
    refuses('bad_option', /reads 2 features, not 1/),
  );
  assert.throws(
    () => regimePosteriors({ modelId: 'm', model, reads: MODEL_FEATURES }),
    refuses('bad_option', /has not forgotten a state after/),
  );
});
