import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noteApproval } from '../src/registry/approvals.ts';
import { signOff } from '../src/registry/champion.ts';
import {
  DAYS,
  fitted,
  madeBars,
  startShadowRig,
  STRATEGY,
  TRAINED_BARS,
  type ShadowRig,
} from './shadow-rig.ts';

const DAY_MS = 86_400_000;
const STEADY = { calm: 0.006, wild: 0.02 };
/** Its regimes are far wider than those of the market: sound, and worse. */
const OTHER = { calm: 0.06, wild: 0.2 };
const BARS = madeBars(1_500, 11, () => STEADY);
const GOOD = fitted(BARS.slice(0, TRAINED_BARS));
const POOR = fitted(madeBars(TRAINED_BARS, 12, () => OTHER));
/** As good as the first one: from other bars of the same market. */
const EQUAL = fitted(madeBars(TRAINED_BARS, 13, () => STEADY));
/** Bar at which a trial begins. */
const FROM = TRAINED_BARS + 1;

/** Bar after bar, a turn at each close. @returns the bar after which a decision was there; undefined where none came. */
async function until(
  rig: ShadowRig,
  replica: ReturnType<ShadowRig['replica']>,
  toBar: number,
): Promise<number | undefined> {
  for (let bar = FROM + 1; bar <= toBar; bar++) {
    rig.closeOf(bar);
    await replica.turns.run();
    if (replica.decisions.length > 0) return bar;
  }
  return undefined;
}

test('a better challenger is promoted after its days, and not before', async () => {
  await using rig = await startShadowRig(BARS);
  const startMs = rig.closeOf(FROM);
  const [champion, challenger] = [await rig.store(POOR), await rig.store(GOOD)];
  await rig.promote(champion);
  assert.equal(await rig.challenge(challenger), 'on_trial');
  assert.equal(await rig.alias('challenger'), challenger);
  const replica = rig.replica();
  const decidedBar = await until(rig, replica, 1_400);
  assert.deepEqual(replica.decisions, ['promoted']);
  const ranMs = rig.nowMs - startMs;
  assert.ok(ranMs >= DAYS * DAY_MS, 'not before its days were over');
  assert.ok(BARS[decidedBar! - 1]!.openMs - startMs < DAYS * DAY_MS, 'and then at once');
  assert.deepEqual([await rig.alias('champion'), await rig.alias('challenger')], [challenger, null]);
  const trial = await rig.database.db.selectFrom('ml.shadow_trial').selectAll().executeTakeFirstOrThrow();
  assert.equal(trial.status, 'promoted');
  assert.ok(trial.bars >= 100 && trial.lower_bound! > 0, `${trial.bars} bars, ${trial.lower_bound}`);
  const [told] = await rig.events('model.promoted').then((events) => events.slice(-1));
  assert.equal(told?.['champion_id'], champion);
  assert.match(JSON.stringify(told?.['gates']), /better_on_live_bars/);
});

test('an equal challenger is looked at at every bar and never promoted, and is withdrawn in the end', async () => {
  await using rig = await startShadowRig(BARS);
  rig.closeOf(FROM);
  const [champion, challenger] = [await rig.store(GOOD), await rig.store(EQUAL)];
  await rig.promote(champion);
  await rig.challenge(challenger);
  const replica = rig.replica();
  await until(rig, replica, 1_400);
  assert.deepEqual(replica.decisions, ['withdrawn']);
  assert.deepEqual([await rig.alias('champion'), await rig.alias('challenger')], [champion, null]);
  const [told] = await rig.events('model.withdrawn');
  assert.match(String(told?.['reason']), /not shown to be better within 180 days|worse than the champion/);
});

test('a challenger that is worse goes as soon as that is sure', async () => {
  await using rig = await startShadowRig(BARS);
  const startMs = rig.closeOf(FROM);
  const [champion, challenger] = [await rig.store(GOOD), await rig.store(POOR)];
  await rig.promote(champion);
  await rig.challenge(challenger);
  const replica = rig.replica();
  await until(rig, replica, 1_400);
  assert.deepEqual(replica.decisions, ['withdrawn']);
  assert.ok(rig.nowMs - startMs < DAYS * DAY_MS);
  assert.match(String((await rig.events('model.withdrawn'))[0]?.['reason']), /worse than the champion/);
});

test('where money is traded a proved challenger waits for a person, is told of once, and goes live when it is signed', async () => {
  await using rig = await startShadowRig(BARS, STRATEGY);
  const { db } = rig.database;
  rig.closeOf(FROM);
  const who = { by: 'ana', reason: 'a test' };
  const [champion, challenger] = [await rig.store(POOR), await rig.store(GOOD)];
  await rig.promote(champion);
  await db
    .transaction()
    .execute((trx) => signOff(trx, rig.place, { ...who, modelId: champion, at: new Date(rig.nowMs) }));
  await rig.challenge(challenger);
  const replica = rig.replica();
  const provedBar = (await until(rig, replica, 1_400))!;
  assert.deepEqual(replica.decisions, ['proved']);
  rig.closeOf(provedBar + 1);
  await Promise.all([replica.turns.run(), rig.replica().turns.run()]);
  assert.deepEqual(
    [await rig.alias('champion'), await rig.alias('challenger'), await rig.alias('live')],
    [champion, challenger, champion],
  );
  const waits = (await rig.events('alert.raised')).filter(
    ({ alert }) => alert === 'challenger_awaits_sign_off',
  );
  assert.deepEqual(
    waits.map(({ model_id: modelId }) => modelId),
    [challenger],
  );
  const approved_at = new Date(rig.nowMs);
  const approval = {
    model_id: challenger,
    strategy: STRATEGY,
    approved_by: 'ana',
    reason: who.reason,
    approved_at,
  };
  await db.transaction().execute((trx) => noteApproval(trx, approval));
  await replica.turns.run();
  assert.deepEqual(replica.decisions, ['proved', 'promoted']);
  assert.deepEqual(
    [await rig.alias('champion'), await rig.alias('challenger'), await rig.alias('live')],
    [challenger, null, challenger],
  );
});

test('a challenger whose champion was changed by a person is withdrawn', async () => {
  await using rig = await startShadowRig(BARS);
  rig.closeOf(FROM);
  const [champion, challenger, third] = [
    await rig.store(POOR),
    await rig.store(GOOD),
    await rig.store(EQUAL),
  ];
  await rig.promote(champion);
  await rig.challenge(challenger);
  assert.equal(await rig.challenge(third), 'another_on_trial');
  await rig.promote(third);
  const replica = rig.replica();
  await replica.turns.run();
  assert.deepEqual(replica.decisions, ['withdrawn']);
  assert.match(
    String((await rig.events('model.withdrawn'))[0]?.['reason']),
    /the champion that it ran beside has gone/,
  );
});

test('two replicas at once, one of them new each time, put every bar on record once', async () => {
  await using rig = await startShadowRig(BARS);
  rig.closeOf(FROM);
  const [champion, challenger] = [await rig.store(POOR), await rig.store(GOOD)];
  await rig.promote(champion);
  await rig.challenge(challenger);
  const first = rig.replica();
  const replicas = [first];
  for (const bar of [FROM + 3, FROM + 4, FROM + 30]) {
    rig.closeOf(bar);
    replicas.push(rig.replica());
    await Promise.all([first.turns.run(), replicas.at(-1)!.turns.run()]);
  }
  const rows = await rig.database.db
    .selectFrom('ml.live_score')
    .select(['model_id', 'open_at'])
    .orderBy('open_at')
    .execute();
  const live = BARS.slice(FROM, FROM + 31).map(({ openMs }) => openMs);
  for (const modelId of [champion, challenger])
    assert.deepEqual(
      rows.filter((row) => row.model_id === modelId).map((row) => row.open_at.getTime()),
      live,
    );
  assert.equal(
    replicas.reduce((sum, { scored }) => sum + scored, 0),
    rows.length,
    'each is counted by the one that wrote it',
  );

  rig.nowMs += 400 * DAY_MS;
  await first.turns.run();
  const oldest = await rig.database.db
    .selectFrom('ml.live_score')
    .select('open_at')
    .orderBy('open_at')
    .limit(1)
    .executeTakeFirstOrThrow();
  assert.ok(oldest.open_at.getTime() >= rig.nowMs - 200 * DAY_MS, 'what nothing looks back on is removed');
});
