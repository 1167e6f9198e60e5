import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armSha256, contextDimensions, contextVector, refuseFeatures } from './context.ts';
import { strategySchema } from './strategy.fixture.ts';

const schema = strategySchema();

test('features are scaled to their usual span; an absent one is told from zero', () => {
  assert.deepEqual(contextVector(schema, { hmm_trend: 0.5, vol: 0.25 }), [1, 0.5, 0, 0, 0]);
  assert.deepEqual(contextVector(schema, { hmm_trend: -1, vol: 1, hmm_risk: 0.5 }), [1, -1, 3, 0, 1]);
  assert.equal(contextDimensions(schema), 5);
});

test('features that nothing can be chosen from are refused, with what is allowed', () => {
  const right = { hmm_trend: 0.7, vol: 0.3 };
  assert.equal(refuseFeatures(schema, right), undefined);
  assert.equal(refuseFeatures(schema, { hmm_trend: -1, vol: 0, hmm_risk: 1 }), undefined);
  const refused = (features: Record<string, number>) => {
    const refusal = refuseFeatures(schema, features);
    return [refusal?.code, ...(refusal?.fields ?? []).map(({ field }) => field)];
  };
  assert.deepEqual(refused({ vol: 0.3 }), ['feature_missing', 'features[hmm_trend]']);
  assert.deepEqual(refused({ ...right, moon: 1 }), ['feature_unknown', 'features[moon]']);
  assert.deepEqual(refused({ ...right, vol: -0.01 }), ['feature_out_of_range', 'features[vol]']);
  assert.deepEqual(refused({ ...right, hmm_risk: 1.01 }), ['feature_out_of_range', 'features[hmm_risk]']);
  assert.deepEqual(refused({ ...right, vol: Number.NaN }), ['feature_out_of_range', 'features[vol]']);
});

test('a posterior belongs to parameters and to the layout of the context', () => {
  const params = { fast_bars: 5 };
  const same = armSha256(schema, { ...params });
  assert.equal(armSha256(strategySchema(), params), same);
  assert.notEqual(armSha256(schema, { fast_bars: 6 }), same);
  const rescaled = strategySchema();
  rescaled.features.required[1]!.high = 1;
  assert.notEqual(armSha256(rescaled, params), same);
});
