import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { claimFiles, listFiles, releaseClaims } from '@aistock/ledger';
import { CallError } from '@aistock/shared';
import { trainInThread } from '../src/training/thread/train-in-thread.ts';
import { startRig, type Rig, WAIT } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';

const BARS = sp500();
const DEADLINE_MS = 10_000;

async function filesOf({ database }: Rig) {
  return database.db
    .selectFrom('ledger.file')
    .select(['file_id', 'status', 'claim_epoch', 'attempts', 'deleted_at', 'reason'])
    .orderBy('first_open_at')
    .execute();
}

async function eventsOf({ database }: Rig) {
  return database.db
    .selectFrom('audit.outbox')
    .select(['kind', 'subject', 'payload', 'service'])
    .orderBy('outbox_id')
    .execute();
}

const refused = (code: string) => (error: unknown) => {
  assert.ok(error instanceof CallError);
  assert.equal(error.problem?.code, code);
  return true;
};

test('new files are claimed, a model is trained and promoted, and the record says so', async () => {
  await using rig = await startRig();
  const first = await rig.register(BARS.slice(0, 2_000));
  const second = await rig.register(BARS.slice(2_000, 4_700));
  const { runs } = await rig.ml.train(WAIT);
  assert.equal(runs.length, 1);
  const run = runs[0]!;
  assert.deepEqual([run.status, run.promoted, run.files, run.problem], ['trained', true, 2, null]);
  const model = run.model!;
  assert.equal(model.status, 'active');
  assert.equal(model.instrument, 'SP500');
  assert.equal(model.trained_from_ms, BARS[9]!.openMs);
  assert.equal(model.trained_to_ms, BARS[9 + run.bars - 1]!.openMs);
  assert.ok(model.trained_to_ms < BARS[4_700 - 938]!.openMs, 'the hold-out is not trained on');
  assert.deepEqual(
    model.gates.filter((gate) => !gate.pass),
    [],
  );
  assert.ok(model.gates.some(({ name }) => name === 'better_than_one_state'));
  assert.ok((await filesOf(rig)).every((file) => file.status === 'processed'));
  const events = await eventsOf(rig);
  assert.deepEqual(
    events.map(({ kind, subject, service }) => [kind, subject, service]),
    [
      ['model.trained', model.model_id, 'ml_service'],
      ['model.promoted', model.model_id, 'ml_service'],
    ],
  );
  const trained = JSON.parse(events[0]!.payload) as { files: { file_id: string }[]; sha256: string };
  assert.deepEqual(
    trained.files.map((file) => file.file_id),
    [first, second],
  );
  assert.equal(trained.sha256, model.sha256);
  assert.deepEqual((await rig.ml.activeModels()).active, [{ stream: STREAM, generation: 1, model }]);
  assert.deepEqual(await rig.ml.run({ params: { id: run.run_id } }), run);
});

test('a blocked stream is not trained, nothing of it is claimed, and its model stays; once it is fit it is trained', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 2_500));
  const before = (await rig.ml.train(WAIT)).runs[0]!.model!;
  await rig.register(BARS.slice(2_500, 4_000));
  const files = await filesOf(rig);
  const events = await eventsOf(rig);
  rig.ingester.verdict = 'block';
  rig.ingester.reasons = ['51 of 1000 expected bars are missing: 5.1 %, above 5 % blocks'];
  const { runs } = await rig.ml.train(WAIT);
  assert.deepEqual([runs.length, runs[0]!.status, runs[0]!.problem!.code], [1, 'failed', 'stream_blocked']);
  assert.match(runs[0]!.problem!.detail, /51 of 1000 expected bars.*POST \/streams\/\{id\}\/accept/);
  assert.deepEqual(await filesOf(rig), files);
  assert.deepEqual(await eventsOf(rig), events);
  assert.equal((await rig.ml.activeModels()).active[0]!.model.model_id, before.model_id);

  rig.ingester.verdict = 'warn';
  assert.equal((await rig.ml.train(WAIT)).runs[0]!.status, 'trained');
});

test('without new files there is nothing to train, and a stream nobody knows is refused', async () => {
  await using rig = await startRig();
  assert.deepEqual(await rig.ml.train(WAIT), { runs: [] });
  await assert.rejects(rig.ml.train({ ...WAIT, body: { streams: [STREAM] } }), refused('stream_unknown'));
  await rig.register(BARS.slice(0, 1_000));
  await rig.ml.train(WAIT);
  const { runs } = await rig.ml.train({ ...WAIT, body: { streams: [STREAM] } });
  assert.deepEqual([runs[0]?.status, runs[0]?.files], ['nothing_to_train', 0]);
});

test('a challenger that is no better is kept, with an alert that names the gates', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 3_000));
  const first = (await rig.ml.train(WAIT)).runs[0]!;
  assert.equal(first.promoted, true);
  await rig.register(BARS.slice(3_000, 3_100));
  const second = (await rig.ml.train(WAIT)).runs[0]!;
  assert.deepEqual(
    [second.status, second.promoted, second.champion_id],
    ['trained', false, first.model?.model_id],
  );
  assert.ok(second.model);
  assert.equal(second.model.status, 'challenger');
  const gate = second.model.gates.find(({ name }) => name === 'better_than_champion');
  assert.equal(gate?.pass, false);
  const [kept, alert] = (await eventsOf(rig)).slice(-2);
  assert.deepEqual([kept?.kind, alert?.kind], ['model.kept', 'alert.raised']);
  const told = JSON.parse(alert!.payload) as { alert: string; failed: string[] };
  const failed = second.model.gates.filter(({ pass }) => !pass).map(({ name }) => name);
  assert.deepEqual([told.alert, told.failed], ['model_kept', failed]);
  await assert.rejects(
    rig.ml.promote({ params: { id: second.model.model_id }, body: { by: 'someone', reason: 'because' } }),
    refused('gates_not_passed'),
  );
});

test('too few bars: the run fails by name, and the file waits for more', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 80));
  const { runs } = await rig.ml.train(WAIT);
  assert.equal(runs[0]?.status, 'failed');
  assert.equal(runs[0].problem?.code, 'not_enough_bars');
  assert.deepEqual(
    (await filesOf(rig)).map(({ status, attempts }) => [status, attempts]),
    [['downloaded', 0]],
  );
  assert.deepEqual((await eventsOf(rig)).length, 0);
});

test('a claim lost while the model is fitted changes nothing but the run', async () => {
  const other: { rig?: Rig } = {};
  await using rig = await startRig(
    {},
    {
      train: async (task, options) => {
        const outcome = await trainInThread(task, options);
        const { db } = other.rig!.database;
        await releaseClaims(db, await listFiles(db, { status: 'processing' }));
        await claimFiles(db, { claimer: 'another', limit: 10 });
        return outcome;
      },
    },
  );
  other.rig = rig;
  await rig.register(BARS.slice(0, 1_000));
  const { runs } = await rig.ml.train(WAIT);
  assert.deepEqual([runs[0]?.status, runs[0]?.problem?.code], ['failed', 'stale_claim']);
  assert.deepEqual((await rig.ml.models({ query: {} })).models, []);
  assert.deepEqual((await rig.ml.activeModels()).active, []);
  assert.deepEqual(await eventsOf(rig), []);
  assert.deepEqual(
    (await filesOf(rig)).map(({ status, claim_epoch }) => [status, claim_epoch]),
    [['processing', 2]],
  );
});

test('a run that was abandoned while the model is fitted commits nothing', async () => {
  const other: { rig?: Rig } = {};
  await using rig = await startRig(
    {},
    {
      train: async (task, options) => {
        const outcome = await trainInThread(task, options);
        await other
          .rig!.database.db.updateTable('ml.run')
          .set({
            status: 'abandoned',
            problem_code: 'abandoned',
            problem_detail: '',
            lease_until: null,
            finished_at: new Date(1),
          })
          .execute();
        return outcome;
      },
    },
  );
  other.rig = rig;
  await rig.register(BARS.slice(0, 1_000));
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.status, 'abandoned');
  assert.deepEqual((await rig.ml.models({ query: {} })).models, []);
  assert.deepEqual(await eventsOf(rig), []);
  const enoughMs = performance.now() + DEADLINE_MS;
  while ((await filesOf(rig))[0]?.status !== 'downloaded') {
    assert.ok(performance.now() < enoughMs, 'the file is not given back');
    await delay(20);
  }
});

test('an active model that somebody changed meanwhile rolls the promotion back', async () => {
  const other: { rig?: Rig; change?: boolean } = {};
  await using rig = await startRig(
    {},
    {
      train: async (task, options) => {
        const outcome = await trainInThread(task, options);
        const { db } = other.rig!.database;
        if (other.change) await db.updateTable('ml.alias').set({ generation: 7 }).execute();
        return outcome;
      },
    },
  );
  other.rig = rig;
  await rig.register(BARS.slice(0, 1_000));
  await rig.ml.train(WAIT);
  await rig.register(BARS.slice(1_000, 3_000));
  other.change = true;
  const { runs } = await rig.ml.train(WAIT);
  assert.equal(runs[0]?.problem?.code, 'active_model_changed');
  assert.equal((await rig.ml.models({ query: {} })).models.length, 1);
  assert.equal((await filesOf(rig)).at(-1)?.status, 'downloaded');
});

test('the data_ingester is behind or gone: the run says so and the file waits', async () => {
  await using rig = await startRig();
  await rig.register(BARS.slice(0, 1_000));
  rig.ingester.bars = rig.ingester.bars.slice(0, -1);
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.problem?.code, 'bars_missing');
  await rig.ingester.service.stop();
  assert.equal((await rig.ml.train(WAIT)).runs[0]?.problem?.code, 'quality_unknown');
  assert.deepEqual(
    (await filesOf(rig)).map(({ status, attempts }) => [status, attempts]),
    [['downloaded', 0]],
  );
});

test('the service answers while it trains', async () => {
  const started = Promise.withResolvers<void>();
  await using rig = await startRig(
    {},
    {
      train: (task, options) => {
        started.resolve();
        return trainInThread(task, options);
      },
    },
  );
  await rig.register(BARS);
  const training = rig.ml.train(WAIT);
  await started.promise;
  const meanwhile = await rig.ml.models({ query: {} });
  assert.deepEqual(meanwhile, { models: [] });
  assert.equal((await training).runs[0]?.status, 'trained');
});

test('a service that stops ends its training and gives the files back', async () => {
  const started = Promise.withResolvers<void>();
  await using rig = await startRig(
    {},
    {
      train: async (_task, { signal }) => {
        started.resolve();
        await once(signal, 'abort');
        throw signal.reason;
      },
    },
  );
  await rig.register(BARS.slice(0, 1_000));
  const training = rig.ml.train(WAIT).catch((error: unknown) => error);
  await started.promise;
  const aborted = training.then((error) => assert.ok(error instanceof CallError));
  await rig.restart({}, { train: trainInThread });
  await aborted;
  const { run_id: runId } = (await rig.ml.runs({ query: {} })).runs[0]!;
  await rig.ml.runEvents({ params: { id: runId } });
  const run = await rig.ml.run({ params: { id: runId } });
  assert.deepEqual([run.status, run.attempts], ['trained', 1]);
  assert.deepEqual(
    (await filesOf(rig)).map(({ status, attempts }) => [status, attempts]),
    [['processed', 1]],
  );
});
