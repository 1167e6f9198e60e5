import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODEL_FEATURE_NAMES } from '@aistock/market';
import type { MarketStream } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';
import { mlServiceSource } from './model-source.ts';

const STREAM = { id: 'csv:SP500:1d' } as MarketStream;

/** What ml_service tells of a model of the stream that reads the features of regimes. */
function sourceOf(kind: string) {
  const features = [...MODEL_FEATURE_NAMES];
  const model = { stream: STREAM.id, kind, features, trained_to_ms: 2, expires_ms: 3 };
  const models = { model: async () => ({ model, artefact: {}, filter_from_ms: 1 }) };
  return mlServiceSource({ models } as unknown as Neighbours);
}

test('a model of regimes is found with what its filter needs', async () => {
  assert.deepEqual(await sourceOf('regime').find('m', STREAM), {
    modelId: 'm',
    artefact: {},
    filterFromMs: 1,
    trainedToMs: 2,
    expiresMs: 3,
  });
});

test('a model that tells anything else is refused by name, whatever it reads', async () => {
  await assert.rejects(sourceOf('volatility').find('m', STREAM), { code: 'model_unfit' });
});
