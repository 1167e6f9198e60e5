import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError } from '@aistock/shared';
import { startRig, WAIT } from './rig.ts';
import { sp500, STREAM } from './sp500.ts';

const PERFORMANCE_GATES = [
  'sharpe',
  'drawdown',
  'trades',
  'win_rate',
  'deflated_sharpe',
  'overfitting',
  'slippage',
  'scenario_loss',
];

test('a model that answers for its stream is judged for a strategy by what that earned with it, and kept', async () => {
  await using rig = await startRig();
  await rig.register(sp500().slice(0, 2_000));
  const strategies = ['trend_following', 'pairs_trading'];
  const { runs } = await rig.ml.train({ ...WAIT, body: { strategies } });
  const [run] = runs;
  assert.deepEqual([run?.status, run?.promoted, run?.problem], ['trained', true, null]);
  const { judgements, model } = await rig.ml.model({ params: { id: run!.model!.model_id } });
  const own = model.gates.map(({ name }) => name);
  assert.deepEqual(Object.fromEntries(judgements.map(({ strategy, passed }) => [strategy, passed])), {
    pairs_trading: false,
    trend_following: false,
  });
  for (const { gates } of judgements)
    assert.deepEqual(
      gates.map(({ name }) => name),
      [...own, ...PERFORMANCE_GATES],
    );
  const told = (strategy: string) =>
    judgements.find((each) => each.strategy === strategy)!.gates.slice(own.length);
  assert.ok(
    told('pairs_trading').every(({ pass, value }) => !pass && value === null),
    'a strategy of two streams cannot be run on one',
  );
  const known = told('trend_following').filter(({ value }) => value !== null);
  assert.ok(
    known.some(({ name }) => name === 'sharpe') && known.some(({ name }) => name === 'scenario_loss'),
  );
  const { aliases } = await rig.ml.aliases({ query: { stream: STREAM } });
  assert.deepEqual(
    aliases.filter(({ alias }) => alias === 'champion').map(({ strategy }) => strategy),
    ['*'],
  );
  const kept = await rig.database.db
    .selectFrom('audit.outbox')
    .select('payload')
    .where('kind', '=', 'model.kept')
    .execute();
  assert.deepEqual(
    kept.map(({ payload }) => (JSON.parse(payload) as { strategy: string }).strategy).toSorted(),
    ['pairs_trading', 'trend_following'],
  );
});

test('a strategy that has no file is refused by name, and nothing is queued', async () => {
  await using rig = await startRig();
  await rig.register(sp500().slice(0, 1_000));
  await assert.rejects(rig.ml.train({ ...WAIT, body: { strategies: ['no_such'] } }), (error: CallError) => {
    assert.equal(error.problem?.code, 'strategy_unknown');
    return true;
  });
  assert.deepEqual((await rig.ml.runs({ query: {} })).runs, []);
});

test('a strategy with a champion of its own is judged whoever asks for the training', async () => {
  await using rig = await startRig();
  await rig.register(sp500().slice(0, 1_500));
  const first = (await rig.ml.train(WAIT)).runs[0]!.model!;
  assert.deepEqual((await rig.ml.model({ params: { id: first.model_id } })).judgements, []);
  const place = { stream: STREAM, strategy: 'trend_following', kind: 'regime' } as const;
  const changedAt = new Date();
  await rig.database.db
    .insertInto('ml.alias')
    .values({ ...place, alias: 'champion', model_id: first.model_id, generation: 1, changed_at: changedAt })
    .execute();
  await rig.register(sp500().slice(1_500, 1_600));
  const next = (await rig.ml.train(WAIT)).runs[0]!.model!;
  const { judgements } = await rig.ml.model({ params: { id: next.model_id } });
  assert.deepEqual(
    judgements.map(({ strategy }) => strategy),
    ['trend_following'],
  );
});
