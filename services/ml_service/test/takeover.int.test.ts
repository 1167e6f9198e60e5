import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listFiles } from '@aistock/ledger';
import { sql } from 'kysely';
import { startProcess } from './replica-process.ts';
import { startRig, type Rig, WAIT } from './rig.ts';
import { parseEvents } from './server-sent-events.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500();

/** Starts a process that is killed while it reads the bars of a run. @returns the id of the run. */
async function killInTheMiddle(rig: Rig): Promise<string> {
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  rig.ingester.hold = held.promise;
  rig.ingester.onAsked = asked.resolve;
  const replica = await startProcess(rig);
  const open = (await replica.ml.runs({ query: { status: 'running' } })).runs[0];
  const run = open ?? (await replica.ml.train({ query: {}, body: { streams: [STREAM] } })).runs[0]!;
  await asked.promise;
  await replica.kill();
  held.resolve();
  rig.ingester.hold = undefined;
  // As if the time of its lease had passed; the files of the dead keep theirs.
  await sql`UPDATE ml.run SET lease_until = clock_timestamp() - interval '1 ms' WHERE status = 'running'`.execute(
    rig.database.db,
  );
  return run.run_id;
}

test('a run whose process was killed is taken over with its files, and every bar counts once', async () => {
  await using rig = await startRig({ EXACTLY_ONCE: 'true' });
  await rig.register(BARS.slice(0, 1_500));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
  await rig.stop();
  await rig.register(BARS.slice(1_500, 2_000));
  await rig.register(BARS.slice(2_000, 2_600));

  const runId = await killInTheMiddle(rig);
  assert.deepEqual(
    (await listFiles(rig.database.db, { status: 'processing' })).map(({ attempts }) => attempts),
    [1, 1],
    'the dead still hold the files',
  );
  await rig.restart();
  const events = parseEvents(await rig.ml.runEvents({ params: { id: runId } }));
  const run = await rig.ml.run({ params: { id: runId } });
  assert.deepEqual([run.status, run.attempts, run.files], ['trained', 2, 2], run.problem?.detail);
  assert.deepEqual([...new Set(events.map(({ data }) => data['status']))], ['queued', 'running', 'trained']);

  const { db } = rig.database;
  const row = await db
    .selectFrom('ml.model')
    .select('carried')
    .where('model_id', '=', run.model!.model_id)
    .executeTakeFirstOrThrow();
  const carried = JSON.parse(row.carried ?? '') as { bars: number; online: { rows: number } };
  assert.equal(carried.bars, 2_600 - 9, 'all bars but those that warm the features up');
  assert.equal(carried.online.rows, 2_600 - 9);
  assert.deepEqual(
    (await listFiles(db, {})).map(({ status, claim_epoch: epoch }) => [status, epoch]),
    [
      ['processed', 1],
      ['processed', 2],
      ['processed', 2],
    ],
  );
  const used = await db.selectFrom('ml.run_file').select('file_id').execute();
  assert.equal(new Set(used.map((file) => file.file_id)).size, 3);
  assert.equal(used.length, 3);
  const told = await db
    .selectFrom('audit.outbox')
    .select('kind')
    .where('kind', '=', 'model.trained')
    .execute();
  assert.equal(told.length, 2, 'each training is on the record once');
});

test('a run that kills every process that works on it is abandoned, and its files go free', async () => {
  await using rig = await startRig({ EXACTLY_ONCE: 'true' });
  await rig.register(BARS.slice(0, 1_500));
  await rig.stop();
  const runIds = [await killInTheMiddle(rig), await killInTheMiddle(rig), await killInTheMiddle(rig)];
  assert.equal(new Set(runIds).size, 1);
  await rig.restart();
  const text = await rig.ml.runEvents({ params: { id: runIds[0]! } });
  assert.equal(parseEvents(text).at(-1)?.data['status'], 'abandoned');
  const run = await rig.ml.run({ params: { id: runIds[0]! } });
  assert.deepEqual([run.problem?.code, run.attempts, run.model], ['abandoned', 3, null]);
  assert.deepEqual((await rig.ml.models({ query: {} })).models, []);
});
