import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelEvidence } from './evidence/model-evidence.ts';
import { judge } from './judge.ts';
import type { PerformanceEvidence } from './performance/performance-evidence.ts';
import { PromotionPolicy } from './policy.ts';

const told = (mean: number, standardError = 0.01) => ({ mean, standardError, rows: 400 });
const gain = (horizonBars: number, mean: number) => ({
  horizonBars,
  holdout: told(mean),
  train: told(mean),
});
const calibrated = { rows: 400, brier: 0.24, brierOfBaseRate: 0.25, reliability: 0.001, bins: [] };

const model: ModelEvidence = {
  bars: 1_000,
  holdoutBars: 400,
  converged: true,
  measures: { bic: -5_900, log_likelihood: 3_000 },
  occupancyMin: 0.2,
  overOneState: told(0.1),
  memory: [gain(1, 0.05), gain(5, 0.02), gain(20, -0.01)],
  calibrations: [
    { event: 'up', ...calibrated },
    { event: 'large_move', ...calibrated },
  ],
  drifts: [{ feature: 'return_log', psi: 0.1, psiOfChance: 0.05, ks: 0.1, ksOfChance: 0.05 }],
  leak: { compared: 1_000, differing: 0 },
  quality: 'pass',
  champion: {
    difference: told(0.05),
    expired: false,
    newerByMs: 60_000,
    labels: { rows: 400, changed: 0.1, flips: 0.04, championFlips: 0.05 },
  },
};
const performance: PerformanceEvidence = {
  folds: 4,
  preset: 'balanced',
  sharpe: 1.4,
  drawdown: 0.06,
  trades: 150,
  winRate: 0.5,
  trials: 30,
  deflatedSharpe: 0.97,
  overfitting: 0.1,
  slippageBps: 2,
  scenarios: [
    { name: 'gap_down', totalReturn: -0.1 },
    { name: 'fee_x2', totalReturn: 0.2 },
  ],
  curve: { atMs: new Float64Array(), equity: new Float64Array() },
};
const policy = PromotionPolicy.parse({});

const failed = (change: Partial<ModelEvidence>) =>
  judge({ model: { ...model, ...change } }, policy)
    .gates.filter(({ pass }) => !pass)
    .map(({ name }) => name);

test('a challenger that is better in everything is promoted, with or without a champion', () => {
  assert.equal(judge({ model }, policy).promote, true);
  assert.equal(judge({ model, performance }, policy).promote, true);
  const { champion: _champion, ...first } = model;
  assert.equal(judge({ model: first }, policy).promote, true);
});

test('each flaw alone keeps the champion', () => {
  const flaws: [Partial<ModelEvidence>, string][] = [
    [{ bars: 249 }, 'enough_bars'],
    [{ holdoutBars: 99 }, 'enough_holdout'],
    [{ measures: { bic: Number.NaN } }, 'finite'],
    [{ measures: { bic: null } }, 'finite'],
    [{ converged: false }, 'converged'],
    [{ occupancyMin: 0.009 }, 'states_occupied'],
    [{ occupancyMin: null }, 'states_occupied'],
    [{ quality: 'block' }, 'quality'],
    [{ quality: null }, 'quality'],
    [{ leak: { compared: 1_000, differing: 1 } }, 'no_look_ahead'],
    [{ leak: { compared: 0, differing: 0 } }, 'no_look_ahead'],
    [{ leak: null }, 'no_look_ahead'],
    [{ overOneState: told(0.1, 0.2) }, 'better_than_one_state'],
    [{ overOneState: null }, 'better_than_one_state'],
    [{ memory: [gain(1, 0.02), gain(5, 0), gain(20, 0)] }, 'better_than_no_memory'],
    [{ memory: [gain(1, 0.05), gain(5, -0.03), gain(20, 0)] }, 'holds_over_horizons'],
    [{ memory: [gain(1, 0.05), { horizonBars: 5, holdout: null, train: null }] }, 'holds_over_horizons'],
    [{ memory: [{ ...gain(1, 0.05), train: told(0.4) }] }, 'not_overfitted'],
    [{ calibrations: [{ event: 'up', ...calibrated, reliability: 0.03 }] }, 'calibration'],
    [{ calibrations: [{ event: 'up', ...calibrated, brier: 0.15 }] }, 'not_too_good'],
    [{ drifts: [{ ...model.drifts[0]!, psi: 0.3 }] }, 'drift_psi'],
    [{ drifts: [{ ...model.drifts[0]!, ks: 0.3 }] }, 'drift_ks'],
    [{ champion: { ...model.champion!, difference: told(0.009) } }, 'better_than_champion'],
    [{ champion: { ...model.champion!, difference: null } }, 'better_than_champion'],
    [
      { champion: { ...model.champion!, labels: { ...model.champion!.labels!, changed: 0.6 } } },
      'label_stability',
    ],
    [{ champion: { ...model.champion!, labels: { ...model.champion!.labels!, flips: 0.2 } } }, 'label_flips'],
  ];
  for (const [flaw, gate] of flaws) assert.deepEqual(failed(flaw), [gate], JSON.stringify(flaw));
});

test('a drift is forgiven where chance makes as much of it', () => {
  assert.deepEqual(failed({ drifts: [{ ...model.drifts[0]!, psi: 0.3, psiOfChance: 0.31 }] }), []);
});

test('the champion again is not better than itself, and an expired one is replaced by what is no worse', () => {
  const same = { ...model.champion!, difference: told(0, 0) };
  assert.deepEqual(failed({ champion: same }), ['better_than_champion']);
  assert.deepEqual(failed({ champion: { ...same, expired: true, labels: null } }), []);
  const worse = { ...same, expired: true, difference: told(-0.011) };
  assert.deepEqual(failed({ champion: worse }), ['no_worse_than_expired_champion']);
});

test('a model of bars from before those of the champion does not take its place', () => {
  const { champion } = model;
  assert.deepEqual(failed({ champion: { ...champion!, newerByMs: 0 } }), []);
  assert.deepEqual(failed({ champion: { ...champion!, newerByMs: -1 } }), ['not_of_the_past']);
});

test('each figure of a strategy alone keeps the champion, and none known fails them all', () => {
  const of = (change: Partial<PerformanceEvidence>) =>
    judge({ model, performance: { ...performance, ...change } }, policy)
      .gates.filter(({ pass }) => !pass)
      .map(({ name }) => name);
  const flaws: [Partial<PerformanceEvidence>, string][] = [
    [{ sharpe: 0.99 }, 'sharpe'],
    [{ sharpe: null }, 'sharpe'],
    [{ drawdown: 0.11 }, 'drawdown'],
    [{ trades: 99 }, 'trades'],
    [{ winRate: 0.44 }, 'win_rate'],
    [{ deflatedSharpe: 0.94 }, 'deflated_sharpe'],
    [{ overfitting: 0.51 }, 'overfitting'],
    [{ overfitting: null }, 'overfitting'],
    [{ slippageBps: 21 }, 'slippage'],
    [{ scenarios: [{ name: 'gap_down', totalReturn: -0.3 }] }, 'scenario_loss'],
    [{ scenarios: [{ name: 'gap_down', totalReturn: null }] }, 'scenario_loss'],
    [{ scenarios: [] }, 'scenario_loss'],
  ];
  for (const [flaw, gate] of flaws) assert.deepEqual(of(flaw), [gate], JSON.stringify(flaw));
  const none = judge({ model, performance: null }, policy).gates.filter(({ pass }) => !pass);
  assert.equal(none.length, 8);
  assert.ok(none.every(({ value, detail }) => value === null && detail.endsWith('could not be computed')));
});

test('a gate tells its number, its limit and a sentence', () => {
  assert.deepEqual(judge({ model }, policy).gates[0], {
    name: 'enough_bars',
    pass: true,
    value: 1_000,
    limit: 250,
    detail: 'bars that the model was fitted on: 1000, must be at least 250',
  });
});
