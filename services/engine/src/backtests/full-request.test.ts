import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ServiceError } from '@aistock/service-kit';
import { BacktestRequest } from '@aistock/shared';
import { BarSeries } from '@aistock/trading/bars';
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
    slots: [{ id: 'main', strategy: 'trend_following', streams: [STREAM], ...slot }],
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

const HOUR_MS = 3_600_000;
const STREAM = 'test:FAKE:1h';
const MODEL_ENDS_MS = 30 * HOUR_MS;

/** Hourly closes that move a little; after so many, ten times as high. */
function series(count: number, jumpAt = Infinity): BarSeries {
  return BarSeries.of(
    Array.from({ length: count }, (_, index) => {
      const price = String((100 + (index % 2)) * (index >= jumpAt ? 10 : 1));
      const prices = { open: price, high: price, low: price, close: price };
      return { openMs: index * HOUR_MS, ...prices, volume: '1' };
    }),
  );
}

/** What a slot is told when so many bars have closed, with a model that speaks about each of them or without. */
function answersFor(slot: JobSlot, bars: BarSeries) {
  const columns = {
    modelId: 'm',
    openMs: bars.openMs.slice(0, bars.length),
    trend: new Float64Array(bars.length).fill(0.5),
    risk: new Float64Array(bars.length).fill(0.1),
    trainedToMs: 0,
    expiresMs: MODEL_ENDS_MS,
  };
  const job = {
    regimes: new Map([[slot.id, columns]]),
    streams: [{ id: STREAM, timeframe: '1h', calendar: 'always' }],
    request: { allow_in_sample: false },
  } as unknown as Parameters<typeof answersOf>[1];
  const answers = answersOf([slot], job, new Map([[STREAM, bars]]));
  return (count: number, modelUsable: boolean) => answers.paramsAt(slot.id, count * HOUR_MS, modelUsable);
}

/** The preset, where it comes from, and one of its parameters, with a model and without. */
function told(slot: JobSlot) {
  const answer = answersFor(slot, series(25));
  return [true, false].map((modelUsable) => {
    const { params } = answer(24, modelUsable);
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

test('a preset lasts as long as param_controller lets it, and what was chosen no longer than the model', () => {
  const answer = answersFor(slotOf({ preset_id: 'aggressive', model_use: 'veto' }), series(25));
  const { expiry_s: expiryS } = strategies.get('trend_following')!.schema;
  assert.equal(answer(24, true).params?.expiresMs, MODEL_ENDS_MS);
  assert.equal(answer(24, false).params?.expiresMs, 24 * HOUR_MS + expiryS * 1_000);
});

test('no preset is given where param_controller would refuse the features', () => {
  const answer = answersFor(slotOf({ preset_id: 'aggressive', model_use: 'veto' }), series(60, 30));
  const missing = (count: number, modelUsable: boolean) => answer(count, modelUsable).missing;
  assert.equal(missing(20, true), 'feature_missing', 'too few bars for a volatility');
  assert.equal(missing(20, false), null, 'which is not asked for without a model');
  assert.equal(missing(30, true), null);
  for (const modelUsable of [true, false]) assert.equal(missing(31, modelUsable), 'feature_out_of_range');
  assert.equal(missing(51, true), null, 'the jump is forgotten');
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
