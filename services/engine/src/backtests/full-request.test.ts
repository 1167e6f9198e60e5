import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ServiceError } from '@aistock/service-kit';
import { BacktestRequest } from '@aistock/shared';
import { loadStrategies, strategySchemasEnv, type Strategies } from '@aistock/strategy-schemas';
import { fullRequest } from './full-request.ts';
import { answersOf } from './job/answers.ts';
import type { FullRequest, JobSlot } from './job/run-job.ts';

let strategies: Strategies;
before(async () => {
  strategies = await loadStrategies(strategySchemasEnv.STRATEGY_SCHEMAS_DIR.parse(undefined));
});

function full(slot: object, more: object = {}): FullRequest {
  const request = BacktestRequest.parse({
    slots: [{ id: 'main', strategy: 'trend_following', streams: ['test:FAKE:1h'], ...slot }],
    from_ms: 0,
    to_ms: 1,
    ...more,
  });
  return fullRequest(request, strategies);
}

const slotOf = (slot: object): JobSlot => full(slot).slots[0]!;
const presetsOf = () => strategies.get('trend_following')!.schema.presets;

function refusal(work: () => unknown): ServiceError {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ServiceError);
    return error;
  }
  return assert.fail('nothing was refused');
}

/** What the slot is told where the model speaks, and where it does not. */
function told(slot: JobSlot) {
  const job = { regimes: new Map(), streams: [] } as unknown as Parameters<typeof answersOf>[1];
  const answers = answersOf([slot], job);
  return [true, false].map((modelUsable) => {
    const { params } = answers.paramsAt(slot.id, 0, modelUsable);
    return [params?.presetId, params?.source, params?.params['fast_bars']];
  });
}

test('without a preset the parameters that are given hold, the rest is conservative', () => {
  const slot = slotOf({ params: { fast_bars: 7 }, model_use: 'veto' });
  assert.deepEqual(slot.params, { ...presetsOf()['conservative']!.params, fast_bars: 7 });
  assert.deepEqual(told(slot), [
    [null, 'given', 7],
    [null, 'conservative', 50],
  ]);
});

test('a preset comes as param_controller gives it: chosen with a model, conservative without', () => {
  const slot = slotOf({ preset_id: 'aggressive', model_use: 'veto' });
  assert.deepEqual(slot.params, presetsOf()['aggressive']!.params);
  assert.deepEqual(told(slot), [
    ['aggressive', 'chosen', 10],
    ['conservative', 'conservative', 50],
  ]);
  const without = slotOf({ preset_id: 'aggressive', model_use: 'off' });
  assert.deepEqual(told(without)[1], ['aggressive', 'chosen', 10], 'nothing is lost where no model is asked');
});

test('a preset of param_controller comes with its parameters', () => {
  const own = { ...presetsOf()['balanced']!.params, fast_bars: 8 };
  const slot = slotOf({ preset_id: 'own', params: own, model_use: 'veto' });
  assert.deepEqual(told(slot)[0], ['own', 'chosen', 8]);
  const { code, status } = refusal(() => slotOf({ preset_id: 'own' }));
  assert.deepEqual([code, status], ['preset_unknown', 404]);
  assert.equal(refusal(() => slotOf({ preset_id: 'own', params: { fast_bars: 8 } })).code, 'params_invalid');
});

test('parameters that are tried are no preset', () => {
  const study = { type: 'sweep', ranges: { fast_bars: { from: 5, to: 10, step: 5 } } };
  assert.equal(full({}, { study }).study.type, 'sweep');
  assert.equal(refusal(() => full({ preset_id: 'balanced' }, { study })).code, 'sweep_invalid');
});
