import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf } from './ingest-proof/faults-of.ts';
import { runIngestProof } from './ingest-proof/run-proof.ts';

/** `./scripts/prove-ingest` does the same with a million bars and fifty kills. */
const TERMS = { bars: 20_000, kills: 4, seed: 1, chunkBars: 1_000 };

test('bars of a venue that misbehaves in every way are the truth, however often the ingester is killed', async (context) => {
  const report = await runIngestProof(TERMS, (text) => context.diagnostic(text));
  context.diagnostic(JSON.stringify(report));
  assert.deepEqual(faultsOf(report), []);
  assert.ok(report.rechecked.restated > 0, 'the venue restated bars that were held');
});
