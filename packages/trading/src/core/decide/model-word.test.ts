import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk, enter, oneSlot, PARAMS, scripted, signal } from '../desk.fixture.ts';
import type { ModelUse, SlotParams } from '../index.ts';

const wanted = () => signal('up', enter({ equityFraction: 1 }));
const strategy = scripted(wanted);
const STREAM = 'sim:BTC/USDT:5m';

/** What is entered, and why, with a model that speaks so far for it; null is silent for the reason given. */
function decide(
  modelUse: ModelUse,
  fit: number | null,
  params: Partial<SlotParams> = {},
  { missing = 'expired', rule = strategy } = {},
) {
  const setup = oneSlot(rule);
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse }] }, { ...PARAMS, ...params });
  desk.show(100);
  const regime = fit === null ? null : { modelId: 'm', hmmTrend: fit, hmmRisk: 0 };
  desk.tell({ type: 'regime', stream: STREAM, regime, missing: regime ? null : missing });
  const { orders, reasons } = desk.close()[0]!;
  return [orders[0]?.quantity, reasons];
}

test('confirm needs a word for the entry, veto one against it, scale follows it', () => {
  assert.deepEqual(decide('confirm', 0.2), ['10', ['up']]);
  assert.deepEqual(decide('confirm', 0), [undefined, ['up', 'model_disagrees']]);
  assert.deepEqual(decide('veto', 0), ['10', ['up']]);
  assert.deepEqual(decide('veto', -0.1), [undefined, ['up', 'model_vetoed']]);
  assert.deepEqual(decide('scale', 0.25), ['2.5', ['up', 'model_scale 0.25']]);
  assert.deepEqual(decide('scale', -0.25), [undefined, ['up', 'model_disagrees']]);
  assert.deepEqual(decide('off', -1), ['10', ['up']]);
});

test('a strategy that no regime has a say about is not judged by one', () => {
  for (const modelUse of ['confirm', 'scale', 'veto'] as const)
    assert.deepEqual(decide(modelUse, -1, {}, { rule: scripted(wanted, { modelFit: () => null }) }), [
      '10',
      ['up'],
    ]);
});

test('without a model the rule trades with conservative or given parameters, and the log says so', () => {
  assert.deepEqual(decide('confirm', null, { source: 'conservative' }), ['10', ['up', 'model_expired']]);
  assert.deepEqual(decide('veto', null, {}, { missing: 'none' }), ['10', ['up', 'model_missing']]);
  assert.deepEqual(decide('scale', null, {}, { missing: 'in_sample' }), ['10', ['up', 'model_in_sample']]);
  assert.deepEqual(decide('off', null, { source: 'chosen' }), ['10', ['up']]);
});

test('parameters that were chosen on the word of a model enter nothing without one, and others are asked for', () => {
  assert.deepEqual(decide('confirm', null, { source: 'chosen' }), [undefined, ['up', 'model_expired']]);
  const setup = oneSlot(strategy);
  const chosen = { ...PARAMS, source: 'chosen' as const };
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse: 'veto' }] }, chosen);
  desk.show(100);
  assert.deepEqual(desk.core.questions(desk.atMs), [{ slot: 'slot', regime: true, params: false }]);
  desk.tell({ type: 'regime', stream: STREAM, regime: null, missing: 'none' });
  assert.deepEqual(desk.core.questions(desk.atMs), [{ slot: 'slot', regime: false, params: true }]);
  desk.tell({ type: 'params', slot: 'slot', params: { ...PARAMS, source: 'conservative' }, missing: null });
  assert.deepEqual(desk.core.questions(desk.atMs), []);
});

test('parameters that one model chose are asked for again once another one answers', () => {
  const setup = oneSlot(strategy);
  const chosen = { ...PARAMS, source: 'chosen' as const, modelId: 'old' };
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse: 'veto' }] }, chosen);
  const askedWith = (modelId: string) => {
    desk.show(100);
    desk.tell({
      type: 'regime',
      stream: STREAM,
      regime: { modelId, hmmTrend: 1, hmmRisk: 0 },
      missing: null,
    });
    return desk.core.questions(desk.atMs).some(({ params }) => params);
  };
  assert.equal(askedWith('old'), false);
  assert.equal(askedWith('new'), true);
  desk.tell({ type: 'params', slot: 'slot', params: { ...chosen, modelId: 'new' }, missing: null });
  assert.equal(askedWith('new'), false);
});

test('each strategy goes by the model that answers it, and a word for nobody by name is for all', () => {
  const [slot] = oneSlot(strategy).slots;
  const slots = ['first', 'second'].map((name) => ({
    ...slot!,
    id: name,
    strategy: scripted(wanted, { name }),
    modelUse: 'veto' as const,
  }));
  const desk = new Desk({ ...oneSlot(strategy), slots });
  const tell = (name: string, hmmTrend: number) => {
    const regime = { modelId: name, hmmTrend, hmmRisk: 0 };
    desk.tell({ type: 'regime', stream: STREAM, strategy: name, regime, missing: null });
  };
  desk.show(100);
  tell('first', 1);
  assert.deepEqual(
    desk.core.questions(desk.atMs).map((question) => [question.slot, question.regime]),
    [['second', true]],
  );
  tell('second', -1);
  assert.deepEqual(
    desk.close().map(({ reasons }) => reasons),
    [['up'], ['up', 'model_vetoed']],
  );
  desk.show(100);
  desk.tell({ type: 'regime', stream: STREAM, regime: null, missing: 'demoted' });
  assert.deepEqual(desk.close().at(1)?.reasons, ['up', 'model_demoted']);
});

test('reasons are counted by their codes, however many numbers follow them', () => {
  const setup = oneSlot(strategy);
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse: 'scale' }] });
  for (const hmmTrend of [0.25, 0.5]) {
    desk.show(100);
    const regime = { modelId: 'm', hmmTrend, hmmRisk: 0 };
    desk.tell({ type: 'regime', stream: STREAM, regime, missing: null });
    desk.close();
  }
  assert.equal(desk.core.reasonCounts.get('model_scale'), 2);
});

test('a word about an earlier bar is none', () => {
  const setup = oneSlot(strategy);
  const desk = new Desk({ ...setup, slots: [{ ...setup.slots[0]!, modelUse: 'veto' }] });
  desk.show(100);
  desk.tell({
    type: 'regime',
    stream: STREAM,
    regime: { modelId: 'm', hmmTrend: -1, hmmRisk: 0 },
    missing: null,
  });
  assert.deepEqual(desk.close()[0]!.reasons, ['up', 'model_vetoed']);
  assert.deepEqual(desk.bar(100).reasons, ['up', 'model_missing']);
});
