import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PromotionPolicy } from '../policy.ts';
import { baselineLogLikelihoods } from './baseline.ts';
import { forecastEvidence, type ForecastSubject } from './forecast-evidence.ts';
import { judgeForecast, type ForecastFacts } from './forecast-gates.ts';

const ROWS = 2_000;
const { model: POLICY } = PromotionPolicy.parse({});
const SPLIT = { trainRows: 1_200, holdoutFrom: 1_240 };

function uniforms(seed: number): () => number {
  let state = seed;
  return () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
}

/** A chance of rising that a model may know; labels follow it. */
function madeDirection(seed: number) {
  const uniform = uniforms(seed);
  const chance = Float64Array.from({ length: ROWS }, () => 0.15 + 0.7 * uniform());
  const labels = chance.map((probability) => Number(uniform() < probability));
  labels[ROWS - 1] = NaN;
  return { chance, labels, noise: chance.map(() => uniform()) };
}

const scored = (told: Float64Array, labels: Float64Array) =>
  told.map((probability, row) =>
    Number.isNaN(labels[row]) ? NaN : Math.log(labels[row] === 1 ? probability : 1 - probability),
  );

const FACTS: ForecastFacts = {
  kind: 'direction',
  bars: 600,
  converged: true,
  measures: { log_loss: 0.6 },
  quality: 'pass',
  leak: { compared: 100, differing: 0 },
  champion: null,
};

function subjectOf(told: Float64Array, seed: number, champion: Float64Array | null = null): ForecastSubject {
  const { labels, noise } = madeDirection(seed);
  return {
    split: SPLIT,
    logLikelihoods: scored(told, labels),
    baseline: baselineLogLikelihoods('direction', labels, SPLIT.trainRows),
    champion,
    overlapRows: 1,
    features: [{ name: 'noise', values: noise }],
    forecasts: { told, followed: labels },
    driftConfidence: POLICY.drift_confidence,
  };
}

const failed = (subject: ForecastSubject, facts: Partial<ForecastFacts> = {}) =>
  judgeForecast({ ...FACTS, ...facts }, forecastEvidence(subject), POLICY)
    .gates.filter(({ pass }) => !pass)
    .map(({ name }) => name);

test('a model that knows something passes, one that tells the base rate or the future does not', () => {
  const { chance, labels } = madeDirection(4);
  assert.deepEqual(failed(subjectOf(chance, 4)), []);
  assert.deepEqual(failed(subjectOf(chance.fill(0.5), 4)), ['better_than_baseline']);
  const leaked = labels.map((label) => (label === 1 ? 0.97 : 0.03));
  assert.ok(failed(subjectOf(leaked, 4)).includes('not_too_good'));
});

test('the champion again is not better than itself, an expired one only has to be matched', () => {
  const { chance, labels } = madeDirection(4);
  const again = scored(chance, labels);
  assert.deepEqual(failed(subjectOf(chance, 4, again), { champion: { expired: false } }), [
    'better_than_champion',
  ]);
  assert.deepEqual(failed(subjectOf(chance, 4, again), { champion: { expired: true } }), []);
  assert.deepEqual(failed(subjectOf(chance, 4), { champion: { expired: false } }), ['better_than_champion']);
});

test('a champion that says something of half of the rows only was not tried on the same ones', () => {
  const { chance, labels } = madeDirection(4);
  const half = scored(chance, labels).map((value, row) => (row % 2 === 0 ? value - 1 : NaN));
  const evidence = forecastEvidence(subjectOf(chance, 4, half));
  assert.equal(evidence.overChampion, null);
});

test('what is not known, not converged, blocked or leaking fails by its name', () => {
  const subject = subjectOf(madeDirection(4).chance, 4);
  const facts: readonly (readonly [Partial<ForecastFacts>, string])[] = [
    [{ bars: 10 }, 'enough_bars'],
    [{ converged: false }, 'converged'],
    [{ measures: { log_loss: null } }, 'finite'],
    [{ quality: 'block' }, 'quality'],
    [{ quality: null }, 'quality'],
    [{ leak: { compared: 100, differing: 1 } }, 'no_look_ahead'],
    [{ leak: null }, 'no_look_ahead'],
  ];
  for (const [change, name] of facts) assert.deepEqual(failed(subject, change), [name]);
  const short = { ...subject, split: { trainRows: 1_800, holdoutFrom: 1_960 } };
  assert.ok(failed(short).includes('enough_holdout'));
});

test('the baselines are what they are named after, and know nothing of later rows', () => {
  const prices = Float64Array.of(1, 2, 4, 5, 100);
  const trend = baselineLogLikelihoods('trend', prices, 4);
  assert.ok(Number.isNaN(trend[0]));
  const [mean, variance] = [4 / 3, 2 / 9];
  assert.ok(
    Math.abs(trend[2]! + (Math.log(2 * Math.PI * variance) + (2 - mean) ** 2 / variance) / 2) < 1e-12,
  );
  assert.deepEqual(baselineLogLikelihoods('trend', prices.with(4, -7), 4).slice(0, 4), trend.slice(0, 4));
  const labels = Float64Array.of(1, 0, 1, 1, NaN);
  const direction = baselineLogLikelihoods('direction', labels, 4);
  assert.ok(Math.abs(direction[0]! - Math.log(0.75)) < 1e-15);
});
