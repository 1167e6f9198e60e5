import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signOff } from '../src/registry/champion.ts';
import { fitted, madeBars, startShadowRig, STRATEGY, TRAINED_BARS, type ShadowRig } from './shadow-rig.ts';

const NARROW = { calm: 0.006, wild: 0.02 };
const WIDE = { calm: 0.06, wild: 0.15 };
/** The market was wide once, has been narrow since, and becomes wide again. */
const NARROW_FROM = 600;
const BREAKS_AT = TRAINED_BARS + 60;
const BARS = madeBars(1_500, 21, (bar) => (bar < NARROW_FROM || bar >= BREAKS_AT ? WIDE : NARROW));
const EARLIER = BARS.slice(0, NARROW_FROM);
const LATER = BARS.slice(NARROW_FROM, TRAINED_BARS);
const OF_WIDE = { ...fitted(EARLIER), bars: EARLIER };
const OF_NARROW = { ...fitted(LATER), bars: LATER };
const FROM = TRAINED_BARS + 1;
/** Bars between two turns. */
const STEP = 5;

async function run(
  rig: ShadowRig,
  replica: ReturnType<ShadowRig['replica']>,
  from: number,
  to: number,
): Promise<number | undefined> {
  const before = replica.decisions.length;
  for (let bar = from; bar <= to; bar += STEP) {
    rig.closeOf(bar);
    await replica.turns.run();
    if (replica.decisions.length > before) return bar;
  }
  return undefined;
}

test('a champion whose market breaks is left for the one before, which fits, once and for good', async () => {
  await using rig = await startShadowRig(BARS);
  rig.closeOf(FROM);
  const [former, champion] = [await rig.store(OF_WIDE), await rig.store(OF_NARROW)];
  await rig.promote(former);
  await rig.promote(champion);
  const replica = rig.replica();
  const leftAt = await run(rig, replica, FROM + 1, 1_480);
  assert.deepEqual(replica.decisions, ['rolled_back']);
  assert.ok(leftAt! > BREAKS_AT && leftAt! <= BREAKS_AT + 130, `left at ${leftAt}`);
  assert.equal(await rig.alias('champion'), former);
  const [alert] = await rig.events('alert.raised');
  assert.deepEqual(
    [alert?.['alert'], alert?.['model_id'], alert?.['to_model_id']],
    ['model_degraded', champion, former],
  );
  assert.match(String(alert?.['reason']), /no longer fits the bars that come/);
  assert.equal(await run(rig, replica, leftAt! + 1, 1_499), undefined, 'it does not flap');
});

test('where no former champion fits better, it is demoted, by one of two replicas', async () => {
  await using rig = await startShadowRig(BARS, STRATEGY);
  rig.closeOf(FROM);
  const [former, champion] = [
    await rig.store({ ...OF_NARROW, bars: LATER.slice(100) }),
    await rig.store(OF_NARROW),
  ];
  await rig.promote(former);
  await rig.promote(champion);
  const who = { by: 'ana', reason: 'a test', modelId: champion, at: new Date(rig.nowMs) };
  await rig.database.db.transaction().execute((trx) => signOff(trx, rig.place, who));
  const replicas = [rig.replica(), rig.replica()];
  rig.closeOf(BREAKS_AT + 130);
  await Promise.all(replicas.map(({ turns }) => turns.run()));
  assert.deepEqual(
    replicas.flatMap(({ decisions }) => decisions),
    ['demoted'],
  );
  assert.deepEqual([await rig.alias('champion'), await rig.alias('live')], [null, null]);
  assert.deepEqual(
    (await rig.events('alert.raised')).map(({ alert }) => alert),
    ['model_demoted', 'model_degraded'],
  );
});

test('a model that trades money is held to the bars as well where another one is champion by now', async () => {
  await using rig = await startShadowRig(BARS, STRATEGY);
  rig.closeOf(FROM);
  const [signed, champion] = [await rig.store(OF_NARROW), await rig.store(OF_WIDE)];
  await rig.promote(signed);
  const who = { by: 'ana', reason: 'a test', modelId: signed, at: new Date(rig.nowMs) };
  await rig.database.db.transaction().execute((trx) => signOff(trx, rig.place, who));
  rig.closeOf(BREAKS_AT);
  await rig.promote(champion);
  const replica = rig.replica();
  rig.closeOf(BREAKS_AT + 130);
  await replica.turns.run();
  assert.deepEqual(replica.decisions, ['live_withdrawn']);
  assert.deepEqual([await rig.alias('champion'), await rig.alias('live')], [champion, null]);
  assert.deepEqual(
    (await rig.events('alert.raised')).map(({ alert }) => alert),
    ['live_model_degraded'],
  );
});

test('a champion of a market that stays as it is is never left', async () => {
  const steady = madeBars(1_500, 31, () => NARROW);
  await using rig = await startShadowRig(steady);
  rig.closeOf(FROM);
  await rig.promote(
    await rig.store({ ...fitted(steady.slice(0, TRAINED_BARS)), bars: steady.slice(0, TRAINED_BARS) }),
  );
  assert.equal(await run(rig, rig.replica(), FROM + 1, 1_499), undefined);
  assert.deepEqual(await rig.events('alert.raised'), []);
});
