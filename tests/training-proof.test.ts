import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { faultsOf } from './training-proof/faults-of.ts';
import type { ProofReport } from './training-proof/proof-report.ts';
import { batchesOf, controlBatchesOf, filesBeforeHeldOut } from './training-proof/proof-terms.ts';
import { reportReading } from './training-proof/report-line.ts';
import { runTrainingProof } from './training-proof/run-proof.ts';

/** `./scripts/prove-training` does the same with two hundred files, twenty kills and three processes that are stopped. */
const TERMS = { files: 12, kills: 2, freezes: 1, seed: 1, portBase: 28_000 };
const DATA_DIR = process.env['MARKET_DATA_DIR'];

let report: ProofReport;
before(async () => {
  report = await runTrainingProof(TERMS, DATA_DIR, {
    say: () => undefined,
    signal: AbortSignal.timeout(300_000),
  });
});

const whichBars = DATA_DIR === undefined ? 'generated' : 'recorded';
test(`every one of the ${whichBars} bars is trained exactly once, however often the trainers are killed and stopped`, (context) => {
  context.diagnostic(JSON.stringify(report));
  assert.deepEqual(faultsOf(report), []);
});

test('what is not proved is told', () => {
  const told = (change: Partial<ProofReport>): number => faultsOf({ ...report, ...change }).length;
  const { files, runs, carried, read, disturbed, quality } = report;
  assert.equal(told({ files: { ...files, once: files.once - 1 } }), 1);
  assert.equal(told({ files: { ...files, stale: 1 } }), 1);
  assert.equal(told({ runs: { ...runs, modelsTooMany: 1 } }), 1);
  assert.equal(told({ runs: { ...runs, failed: ['abandoned abandoned'] } }), 1);
  assert.equal(told({ carried: { ...carried, bars: carried.bars + 1 } }), 1);
  assert.equal(told({ carried: { ...carried, controlSha256: 'another' } }), 1);
  assert.equal(told({ read: { ...read, again: 1 } }), 1);
  assert.equal(told({ read: { ...read, bars: files.bars - 1 } }), 1);
  assert.equal(told({ disturbed: { ...disturbed, killedUnread: disturbed.killedUnread + 1 } }), 1);
  assert.equal(told({ disturbed: { ...disturbed, gaveUp: 0 } }), 1);
  const worse = {
    ...quality,
    trainedBars: 55_760,
    online: quality.refits[0]!.mean - 0.02 * Math.abs(quality.refits[0]!.mean),
  };
  assert.equal(told({ quality: worse }), 1);
  assert.equal(told({ quality: { ...worse, online: Number.NaN } }), 1);
  assert.equal(told({ quality: { ...worse, trainedBars: 3_280 } }), 0, 'too few bars to tell');
});

test('batches hold all files in order, and one of them ends where the held-out ones begin', () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 200 }), fc.nat(), (files, seed) => {
      const [own, control] = [edges(batchesOf({ files, seed })), edges(controlBatchesOf({ files, seed }))];
      const held = filesBeforeHeldOut({ files });
      for (const all of [own, control]) assert.ok(all.includes(held) && all.at(-1) === files);
      assert.equal(own[0], control[0], 'both lines begin with the same fit');
    }),
  );
});

test('a bar that is read after it was counted is told, unless by a process that was stopped', () => {
  const file = {
    firstOpenMs: 10,
    lastOpenMs: 19,
    rows: 10,
    processed: 1,
    undone: 0,
    runs: 1,
    runsWithItsClaim: 1,
  };
  const files = [{ ...file, processedMs: 1_000 }];
  const reading = { stream: 's', fromMs: 10, toMs: 20, bars: 10 };
  const read = (atMs: number) =>
    reportReading([{ ...reading, atMs }], files, [{ fromMs: 2_000, toMs: 3_000 }]);
  assert.deepEqual(read(999), { bars: 10, again: 0, unaware: 0 });
  assert.deepEqual(read(1_001), { bars: 10, again: 1, unaware: 0 });
  assert.deepEqual(read(2_500), { bars: 10, again: 0, unaware: 1 });
  const after = { ...reading, fromMs: 20, toMs: 30, atMs: 5_000 };
  assert.equal(reportReading([after], files, []).again, 0, 'the next bar is another one');
});

/** How many files there are after each batch. */
function edges(batches: readonly number[]): number[] {
  let at = 0;
  return batches.map((batch) => (at += batch));
}
