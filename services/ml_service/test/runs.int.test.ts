import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { listFiles } from '@aistock/ledger';
import { CallError, createClient, mlServiceApi } from '@aistock/shared';
import { createApp } from '../src/app.ts';
import { trainInThread } from '../src/training/thread/train-in-thread.ts';
import { startRig, type Rig, WAIT } from './rig.ts';
import { parseEvents, readEvents } from './server-sent-events.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500();
const OTHERS = ['csv:SPA:1d', 'csv:SPB:1d', 'csv:SPC:1d'];
const WINDOW = { streams: [STREAM], window_bars: 1_000, hyperparameters: { states: [2], restarts: 2 } };
const DEADLINE_MS = 10_000;

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  return true;
};

/** Another replica over the same database. */
async function startReplica(rig: Rig, overrides: Parameters<typeof createApp>[1] = {}) {
  const service = await createApp(rig.env, overrides);
  await service.listen();
  return {
    ml: createClient(mlServiceApi, { baseUrl: service.url }),
    url: service.url,
    [Symbol.asyncDispose]: () => service.stop(),
  };
}

/** Waits until the data_ingester is asked for bars, and answers nothing before it is told to. */
function holdBars({ ingester }: Rig): { readonly asked: Promise<void>; readonly release: () => void } {
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  ingester.hold = held.promise;
  ingester.onAsked = asked.resolve;
  return { asked: asked.promise, release: held.resolve };
}

test('a run is queued at once, tells how far it is, and is the same whoever asks later', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  const bars = holdBars(rig);
  const [queued] = (await rig.ml.train({ query: {}, body: { streams: [STREAM], seed: 7 } })).runs;
  assert.deepEqual(
    [queued!.status, queued!.started_ms, queued!.progress.phase, queued!.attempts, queued!.seed],
    ['queued', null, 'waiting', 0, 7],
  );
  assert.deepEqual(queued!.hyperparameters, { states: [2, 3, 4], holdout_fraction: 0.2, restarts: 12 });
  await bars.asked;
  const running = await rig.ml.run({ params: { id: queued!.run_id } });
  assert.deepEqual([running.status, running.files, running.attempts], ['running', 1, 1]);
  bars.release();
  const events = parseEvents(await rig.ml.runEvents({ params: { id: queued!.run_id } }));
  assert.deepEqual(events.at(-1)?.data['status'], 'trained');
  const run = await rig.ml.run({ params: { id: queued!.run_id } });
  assert.ok(run.model);
  assert.deepEqual((await rig.ml.runs({ query: { stream: STREAM } })).runs, [run]);
  assert.deepEqual((await rig.ml.runs({ query: { status: 'queued' } })).runs, []);
  await assert.rejects(
    rig.ml.run({ params: { id: '00000000-0000-4000-8000-000000000000' } }),
    refused('run_unknown'),
  );
});

test('a run that waits already is not queued again; another one is', async () => {
  await using rig = await startRig({ TRAINING_THREADS: '1' });
  await rig.register(BARS.slice(0, 1_000));
  const bars = holdBars(rig);
  const ask = async (body: object) => (await rig.ml.train({ query: {}, body })).runs[0]!.run_id;
  const first = await ask(WINDOW);
  await bars.asked;
  const second = await ask(WINDOW);
  assert.notEqual(second, first, 'one that has begun has not seen what is new since');
  assert.equal(await ask(WINDOW), second);
  assert.notEqual(await ask({ ...WINDOW, seed: 9 }), second);
  assert.equal((await rig.ml.runs({ query: {} })).runs.length, 3);
  bars.release();
});

test('two replicas share the runs, and none is worked on twice', async () => {
  await using rig = await startRig({ TRAINING_THREADS: '1' });
  for (const stream of [STREAM, ...OTHERS]) await rig.register(BARS.slice(0, 600), stream);
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const trainAt = (replica: number): { train: typeof trainInThread } => ({
    train: async (task, options) => {
      both[replica]!.resolve();
      // Goes on only once the other replica has a run as well.
      await Promise.all(both.map(({ promise }) => promise));
      return trainInThread(task, options);
    },
  });
  await rig.restart(undefined, trainAt(0));
  await using second = await startReplica(rig, trainAt(1));
  const { runs } = await rig.ml.train(WAIT);
  assert.deepEqual(
    runs.map(({ status, attempts }) => [status, attempts]),
    Array.from({ length: 4 }, () => ['trained', 1]),
  );
  const rows = await rig.database.db.selectFrom('ml.run').select(['claimed_by', 'claim_epoch']).execute();
  assert.equal(new Set(rows.map((row) => row.claimed_by)).size, 2);
  assert.ok(rows.every((row) => row.claim_epoch === 1));
  const known = (await second.ml.runs({ query: {} })).runs;
  assert.deepEqual(new Set(known.map((run) => run.run_id)), new Set(runs.map((run) => run.run_id)));
});

test('two runs of a stream are never worked on at once', async () => {
  await using rig = await startRig({ TRAINING_THREADS: '2' });
  await rig.register(BARS.slice(0, 1_000));
  const bars = holdBars(rig);
  const first = (await rig.ml.train({ query: {}, body: WINDOW })).runs[0]!;
  await bars.asked;
  const second = (await rig.ml.train({ query: {}, body: WINDOW })).runs[0]!;
  await using other = await startReplica(rig);
  assert.equal((await other.ml.run({ params: { id: second.run_id } })).status, 'queued');
  const events = other.ml.runEvents({ params: { id: second.run_id } });
  bars.release();
  await events;
  const [one, two] = await Promise.all(
    [first, second].map(({ run_id: id }) => rig.ml.run({ params: { id } })),
  );
  assert.deepEqual([one!.status, two!.status], ['trained', 'trained']);
  assert.ok(one!.finished_ms! <= two!.started_ms!);
});

for (const where of ['the replica that works on it', 'another replica'])
  test(`a run that is cancelled at ${where} stops, and its files are given back`, async () => {
    await using rig = await startRig();
    const settled = Promise.withResolvers<unknown>();
    await rig.restart(undefined, {
      train: async (task, options) => {
        const training = trainInThread(task, options);
        settled.resolve(training.catch((error: unknown) => error));
        return training;
      },
    });
    await rig.register(BARS.slice(0, 1_000));
    const bars = holdBars(rig);
    const { run_id: id } = (await rig.ml.train({ query: {} })).runs[0]!;
    await bars.asked;
    if (where === 'another replica') {
      await using other = await startReplica(rig);
      assert.equal((await other.ml.cancelRun({ params: { id } })).status, 'cancelled');
      assert.ok((await settled.promise) instanceof Error);
    } else {
      assert.equal((await rig.ml.cancelRun({ params: { id } })).status, 'cancelled');
      assert.ok((await settled.promise) instanceof Error);
    }
    const enoughMs = performance.now() + DEADLINE_MS;
    const files = () => listFiles(rig.database.db, {});
    while ((await files())[0]?.status !== 'downloaded') {
      assert.ok(performance.now() < enoughMs, 'the file is not given back');
      await delay(20);
    }
    assert.equal((await files())[0]?.attempts, 0);
    bars.release();
    assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'trained');
    assert.equal((await rig.ml.cancelRun({ params: { id } })).status, 'cancelled');
  });

test('a run that is over cannot be cancelled any more, and stays as it is', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  const run = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual(await rig.ml.cancelRun({ params: { id: run.run_id } }), run);
});

test('events go on after the last one that the caller has, at any replica', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  const bars = holdBars(rig);
  const { run_id: id } = (await rig.ml.train({ query: {}, body: WINDOW })).runs[0]!;
  await bars.asked;
  await using other = await startReplica(rig);
  const seen: string[] = [];
  for await (const event of readEvents(`${other.url}/runs/${id}/events`)) {
    seen.push(event.id);
    if (event.data['status'] === 'running') break;
  }
  bars.release();
  for await (const event of readEvents(`${other.url}/runs/${id}/events`, seen.at(-1))) {
    seen.push(event.id);
    assert.equal(event.type, 'progress');
  }
  const rows = await rig.database.db
    .selectFrom('ml.run_event')
    .select(['event_id', 'status'])
    .where('run_id', '=', id)
    .orderBy('event_id')
    .execute();
  assert.deepEqual(
    seen,
    rows.map((row) => String(row.event_id)),
  );
  assert.deepEqual([...new Set(rows.map(({ status }) => status))], ['queued', 'running', 'trained']);
  const wrong = await fetch(`${other.url}/runs/${id}/events`, { headers: { 'last-event-id': 'x' } });
  assert.equal(wrong.status, 400);
});

test('the same bars, request and seed give the same bytes; a window claims nothing and counts for no line', async () => {
  await using rig = await startRig({ EXACTLY_ONCE: 'true' });
  await rig.register(BARS.slice(0, 1_000));
  const shaOf = async (seed: number) => {
    const [run] = (await rig.ml.train({ ...WAIT, body: { ...WINDOW, seed } })).runs;
    assert.deepEqual([run!.status, run!.files, run!.exactly_once, run!.seed], ['trained', 0, false, seed]);
    return run!.model!.sha256;
  };
  assert.equal(await shaOf(3), await shaOf(3));
  assert.equal((await listFiles(rig.database.db, {}))[0]?.status, 'downloaded');
  const line = (await rig.ml.train(WAIT)).runs[0]!;
  assert.equal(line.status, 'trained');
  const row = await rig.database.db
    .selectFrom('ml.model')
    .select('carried')
    .where('model_id', '=', line.model!.model_id)
    .executeTakeFirstOrThrow();
  assert.equal((JSON.parse(row.carried ?? '') as { bars: number }).bars, 1_000 - 9);
});

test('what is asked for is checked before anything is queued', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  const ask = (body: object) => rig.ml.train({ query: {}, body });
  await assert.rejects(ask({ streams: [STREAM], instrument: 'SP500' }), refused('invalid_request'));
  await assert.rejects(ask({ window_bars: 500 }), refused('invalid_request'));
  await assert.rejects(ask({ ...WINDOW, exactly_once: true }), refused('invalid_request'));
  await assert.rejects(ask({ ...WINDOW, hyperparameters: { states: [1] } }), refused('invalid_request'));
  await assert.rejects(ask({ instrument: 'NONE' }), refused('stream_unknown'));
  assert.deepEqual((await rig.ml.runs({ query: {} })).runs, []);
  const { runs } = await ask({ instrument: 'SP500' });
  assert.deepEqual(
    runs.map(({ stream }) => stream),
    [STREAM],
  );
});
