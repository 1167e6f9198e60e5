import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bar } from '@aistock/market';
import { startProcess } from './replica-process.ts';
import { startRig, WAIT, type Rig } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';
import { storeModel } from './stored-models.ts';

const DAY_MS = 86_400_000;
/** Of processes, whose clock is that of the machine: the last one closed some days ago. */
const BARS = recent(sp500().slice(0, 700));
const TRAINED = 600;
const WHO = { by: 'ana', reason: 'a test of the shadow' };
const OFTEN = { SHADOW_EVERY_S: '0.1' };

function recent(bars: readonly Bar[]): Bar[] {
  const weeks = Math.floor((Date.now() - 5 * DAY_MS - bars.at(-1)!.openMs) / (7 * DAY_MS));
  return bars.map((bar) => ({ ...bar, openMs: bar.openMs + weeks * 7 * DAY_MS }));
}

async function scores(rig: Rig) {
  return rig.database.db
    .selectFrom('ml.live_score')
    .selectAll()
    .orderBy('model_id')
    .orderBy('open_at')
    .execute();
}

/** Processes tell nobody what they have written. */
async function untilScored(rig: Rig, count: number): Promise<void> {
  while ((await scores(rig)).length < count) await delay(20);
}

test('bars are put on record once, also where a replica is killed in the middle and two others go on', async () => {
  await using rig = await startRig(OFTEN);
  rig.ingester.bars = BARS.slice(0, 640);
  const createdMs = BARS[TRAINED]!.openMs;
  const modelId = await storeModel(rig.database.db, { bars: BARS.slice(0, TRAINED), createdMs });
  await rig.ml.promote({ params: { id: modelId }, body: WHO });
  await rig.stop();
  await rig.database.db.deleteFrom('ml.live_score').execute();

  const killed = await startProcess(rig);
  await untilScored(rig, 40);
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  rig.ingester.bars = BARS;
  rig.ingester.hold = held.promise;
  rig.ingester.onAsked = asked.resolve;
  await asked.promise;
  await killed.kill();
  held.resolve();
  rig.ingester.hold = undefined;

  const before = await scores(rig);
  const replicas = await Promise.all([startProcess(rig), startProcess(rig)]);
  await untilScored(rig, 100);
  await Promise.all(replicas.map((replica) => replica.kill()));
  const after = await scores(rig);
  assert.deepEqual(
    after.map(({ open_at: openAt }) => openAt.getTime()),
    BARS.slice(TRAINED).map(({ openMs }) => openMs),
  );
  assert.deepEqual(after.slice(0, before.length), before, 'what was on record stands');
});

test('a training whose model passes is tried beside the champion where that is asked for, and GET /shadow tells how', async () => {
  await using rig = await startRig({ SHADOW_DAYS_PAPER: '3', PROMOTION_MARGIN: '0' });
  await rig.register(sp500().slice(0, 1_500));
  const [first] = (await rig.ml.train(WAIT)).runs;
  assert.equal(first?.promoted, true, 'there is nobody to run beside');
  await rig.register(sp500().slice(1_500, 3_500));
  const [second] = (await rig.ml.train(WAIT)).runs;
  const told = await rig.ml.shadow({ query: { stream: STREAM } });
  assert.equal(second?.status, 'trained', second?.problem?.detail);
  if (!second.model?.gates.every(({ pass }) => pass)) assert.fail(JSON.stringify(second.model?.gates));
  assert.equal(second.promoted, false);
  assert.equal(told.trials.length, 1);
  const [trial] = told.trials;
  assert.deepEqual(
    [trial?.status, trial?.model_id, trial?.champion_id, trial?.days],
    ['running', second.model.model_id, first.model?.model_id, 3],
  );
  assert.deepEqual(
    told.watched.map(({ alias, model_id: modelId, degraded }) => [alias, modelId, degraded]),
    [['champion', first.model?.model_id, false]],
  );
  const aliases = (await rig.ml.aliases({ query: { stream: STREAM } })).aliases;
  assert.deepEqual(
    aliases.map(({ alias, model_id: modelId }) => [alias, modelId]),
    [
      ['challenger', second.model.model_id],
      ['champion', first.model?.model_id],
    ],
  );
  assert.deepEqual(await rig.ml.shadow({ query: { stream: 'csv:NONE:1d' } }), { trials: [], watched: [] });
});
