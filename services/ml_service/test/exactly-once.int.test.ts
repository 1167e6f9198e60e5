import assert from 'node:assert/strict';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { claimFiles, listFiles, listRawLog, releaseClaims } from '@aistock/ledger';
import { startRig, type Rig, WAIT } from './rig.ts';
import { sp500 } from './sp500.ts';

const BARS = sp500();
const EXACTLY_ONCE = { EXACTLY_ONCE: 'true' };

interface CarriedText {
  readonly bars: number;
  readonly online: { readonly rows: number };
}

async function carriedOf({ database }: Rig, modelId: string): Promise<CarriedText> {
  const row = await database.db
    .selectFrom('ml.model')
    .select('carried')
    .where('model_id', '=', modelId)
    .executeTakeFirstOrThrow();
  return JSON.parse(row.carried ?? '') as CarriedText;
}

test('each bar is counted once over all runs, without reading an old one again', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 2_000));
  const first = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual([first.status, first.exactly_once], ['trained', true]);
  const states = first.model!.states;
  for (const [from, to] of [
    [2_000, 3_000],
    [3_000, 3_500],
    [3_500, 5_104],
  ] as const) {
    await rig.register(BARS.slice(from, to));
    const run = (await rig.ml.train(WAIT)).runs[0]!;
    assert.equal(run.status, 'trained', run.problem?.detail);
    assert.ok(run.bars < to - from, 'only the new bars were fitted on');
    const model = run.model!;
    assert.equal(model.states, states, 'the line goes on with its states');
    assert.equal(model.trained_from_ms, first.model!.trained_from_ms);
    const carried = await carriedOf(rig, model.model_id);
    // All bars but the first nine, which only warm the features up.
    assert.equal(carried.bars, to - 9);
    assert.equal(carried.online.rows, to - 9);
  }
  assert.deepEqual(
    rig.ingester.asked.map(({ from_ms: fromMs, to_ms: toMs }) => [fromMs, toMs]),
    [0, 2_000, 3_000, 3_500].map((from, index) => [
      BARS[from]!.openMs,
      BARS[[2_000, 3_000, 3_500, 5_104][index]! - 1]!.openMs + 1,
    ]),
    'no past bar was asked for',
  );
});

test('new bars wait for more where they are too few to judge a model by', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 2_000));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await rig.register(BARS.slice(2_000, 2_150));
  const few = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual([few.status, few.problem?.code], ['failed', 'not_enough_bars']);

  await rig.register(BARS.slice(2_150, 2_200));
  const run = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual([run.status, run.files], ['trained', 2]);
  const holdout = run.model!.gates.find(({ name }) => name === 'enough_holdout');
  assert.deepEqual([holdout?.pass, holdout?.value], [true, 100]);
  assert.equal((await carriedOf(rig, run.model!.model_id)).bars, 2_200 - 9);
});

test('bars from before the line that come late take nothing from it', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(1_000, 3_000));
  const first = (await rig.ml.train(WAIT)).runs[0]!;
  await rig.registerEarlier(BARS.slice(0, 1_000));
  await rig.register(BARS.slice(3_000, 3_500));
  const [late] = (await rig.ml.train(WAIT)).runs;
  assert.deepEqual([late?.status, late?.files], ['trained', 1]);
  const [next] = (await rig.ml.train(WAIT)).runs;
  assert.deepEqual([next?.status, next?.files], ['trained', 1]);
  assert.equal(next?.model?.trained_from_ms, first.model?.trained_from_ms);
  assert.equal((await carriedOf(rig, next!.model!.model_id)).online.rows, 2_500 - 9);
});

test('a window ends with the newest bar, also where the new file is an old one', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(1_000, 3_000));
  const first = (await rig.ml.train(WAIT)).runs[0]!;
  await rig.registerEarlier(BARS.slice(0, 1_000));
  const [late] = (await rig.ml.train(WAIT)).runs;
  assert.equal(late?.status, 'trained');
  assert.ok(late.model!.trained_to_ms >= BARS[2_000]!.openMs, 'not of the bars that came late');
  assert.ok(first.model!.trained_from_ms > late.model!.trained_from_ms);
});

test('the bars are those that were known at the claim', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 1_000));
  const beforeMs = Date.now();
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  const asOfMs = Number(rig.ingester.asked[0]?.['as_of_ms']);
  assert.ok(asOfMs >= beforeMs && asOfMs <= Date.now());
});

test('files whose bars are not served in full wait, and nothing counts against them', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 1_000));
  await rig.register(BARS.slice(1_000, 2_000));
  for (const missing of [0, 999, 1_000, 1_500, 1_999]) {
    rig.ingester.bars = BARS.slice(0, 2_000).filter((_, index) => index !== missing);
    assert.equal((await rig.ml.train(WAIT)).runs[0]?.problem?.code, 'bars_missing');
  }
  const files = await listFiles(rig.database.db, {});
  assert.ok(files.every(({ status, attempts }) => status === 'downloaded' && attempts === 0));
  rig.ingester.bars = BARS.slice(0, 2_000);
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
});

test('a file whose bytes changed is quarantined, and the others wait', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 1_000));
  const broken = await rig.register(BARS.slice(1_000, 2_000));
  const file = (await listFiles(rig.database.db, {})).find((row) => row.file_id === broken)!;
  const path = join(rig.lakeDir, file.path);
  const bytes = await readFile(path);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(path, bytes);
  const { runs } = await rig.ml.train(WAIT);
  assert.equal(runs[0]?.problem?.code, 'file_corrupt');
  const files = await listFiles(rig.database.db, {});
  assert.deepEqual(
    files.map(({ status, attempts }) => [status, attempts]),
    [
      ['downloaded', 0],
      ['quarantined', 1],
    ],
  );
});

test('files beyond the window wait for the next run', async () => {
  await using rig = await startRig({ ...EXACTLY_ONCE, WINDOW_BARS_MAX: '1500' });
  await rig.register(BARS.slice(0, 1_000));
  await rig.register(BARS.slice(1_000, 2_000));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.files, 1);
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.files, 1);
  assert.equal((await rig.ml.train(WAIT)).runs.length, 0);
});

test('files wait for earlier ones that another run holds, so that the line keeps the order of time', async () => {
  await using rig = await startRig(EXACTLY_ONCE);
  await rig.register(BARS.slice(0, 2_000));
  const other = await claimFiles(rig.database.db, { claimer: 'another replica', limit: 1 });
  await rig.register(BARS.slice(2_000, 3_000));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'nothing_to_train');
  const later = (await listFiles(rig.database.db, { status: 'downloaded' }))[0];
  assert.deepEqual([later?.rows, later?.attempts], [1_000, 0]);

  await releaseClaims(rig.database.db, other);
  const run = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual([run.status, run.files], ['trained', 2]);
  assert.equal((await carriedOf(rig, run.model!.model_id)).bars, 3_000 - 9);
});

/** Waits until the file that is registered as the first one is deleted. */
async function deletionOf({ database }: Rig): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while ((await listFiles(database.db, {}))[0]?.deleted_at === null) {
    assert.ok(performance.now() < deadlineMs, 'was not deleted in time');
    await delay(20);
  }
}

test('processed files are removed where that is wanted, and the deletion is on the raw log', async () => {
  await using rig = await startRig({ DELETE_AFTER_PROCESS: 'true' });
  await rig.register(BARS.slice(0, 1_000));
  const [file] = await listFiles(rig.database.db, {});
  const path = join(rig.lakeDir, file!.path);
  await access(path);
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await deletionOf(rig);
  await assert.rejects(access(path), { code: 'ENOENT' });
  assert.equal((await listFiles(rig.database.db, {}))[0]?.status, 'processed');
  const [record] = await listRawLog(rig.database.db, undefined);
  const { kind, paths } = JSON.parse(record!.body) as Record<string, unknown>;
  assert.deepEqual([kind, paths], ['deletion', [file!.path]]);
  const event = await rig.database.db
    .selectFrom('audit.outbox')
    .select('payload')
    .where('kind', '=', 'file.deleted')
    .executeTakeFirstOrThrow();
  assert.equal((JSON.parse(event.payload) as Record<string, unknown>)['raw_log_hash'], record!.recordHash);
});

test('raw bytes stay while the curated store does not hold their bars', async () => {
  await using rig = await startRig({ DELETE_AFTER_PROCESS: 'true' });
  rig.ingester.notHeld = 'a part is missing';
  await rig.register(BARS.slice(0, 1_000));
  const [file] = await listFiles(rig.database.db, {});
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await rig.restart();
  await access(join(rig.lakeDir, file!.path));
  rig.ingester.notHeld = undefined;
  await rig.restart();
  await deletionOf(rig);
});

test('streams that are kept for research are never removed', async () => {
  await using rig = await startRig({ DELETE_AFTER_PROCESS: 'true', RETENTION_KEEP: 'kraken:*,*:1d' });
  await rig.register(BARS.slice(0, 1_000));
  const [file] = await listFiles(rig.database.db, {});
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await rig.restart();
  await access(join(rig.lakeDir, file!.path));
  assert.deepEqual(await rig.database.db.selectFrom('ledger.deletion').selectAll().execute(), []);
});

test('what was meant to go stays once nothing is to be deleted any more', async () => {
  await using rig = await startRig({ DELETE_AFTER_PROCESS: 'true' });
  rig.ingester.notHeld = 'a part is missing';
  await rig.register(BARS.slice(0, 1_000));
  const [file] = await listFiles(rig.database.db, {});
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await rig.restart({ DELETE_AFTER_PROCESS: 'false' });
  rig.ingester.notHeld = undefined;
  await rig.restart({ DELETE_AFTER_PROCESS: 'false' });
  await rig.restart({ DELETE_AFTER_PROCESS: 'false' });
  await access(join(rig.lakeDir, file!.path));
});
