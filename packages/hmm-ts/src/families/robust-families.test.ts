import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generate, TRUTHS } from '../../test/truths.ts';
import {
  fit,
  fitFrom,
  infer,
  modelFromJson,
  modelToJson,
  parameterCount,
  score,
  stateDeviations,
  stateMeans,
  statisticsFromJson,
  statisticsToJson,
  updateOnline,
  type Hmm,
  type Observations,
} from '../index.ts';

const wave = Array.from({ length: 120 }, (_, row) => [Math.sin(row * 1.7), Math.cos(row * 2.3)]);

/** Rows that have broken other libraries. */
const AWKWARD: Readonly<Record<string, number[][]>> = {
  'an outlier of a million deviations': wave.map((row, at) => (at === 60 ? [1e6, -1e6] : row)),
  'a constant feature': wave.map(([first]) => [first!, 4]),
  'nothing but one row again and again': wave.map(() => [3, 3]),
  'two rows in turn': wave.map((_, at) => [at % 2, 1 - (at % 2)]),
  'features that are multiples of each other': wave.map(([first]) => [first!, 2 * first!]),
  'values close to the largest that there are': wave.map((row) => row.map((value) => value * 1.5e308)),
  'values close to the smallest that there are': wave.map((row) => row.map((value) => value * 1e-300)),
  'a level far from zero': wave.map((row) => row.map((value) => value * 1e-3 + 1e6)),
};

const observationsOf = (
  rows: readonly number[][],
  missing: 'refuse' | 'marginalise' = 'refuse',
): Observations => ({
  dimensions: 2,
  values: Float64Array.from(rows.flat()),
  missing,
});

function assertSound(model: Hmm, observations: Observations): void {
  modelFromJson(JSON.parse(JSON.stringify(modelToJson(model))));
  for (const values of [stateMeans(model), stateDeviations(model)])
    assert.ok(values.every(Number.isFinite), String(values));
  const { logLikelihood, filtered, smoothed } = infer(model, observations);
  assert.ok(Number.isFinite(logLikelihood));
  for (const probabilities of [filtered, smoothed])
    assert.ok(probabilities.every((value) => value >= 0 && value <= 1 + 1e-12));
}

const withUnits = Object.entries(TRUTHS).filter(([name]) => name !== 'categorical');

for (const [name, { options }] of withUnits)
  for (const [what, rows] of Object.entries(AWKWARD))
    test(`${name}: ${what} give a sound model`, () => {
      for (const missing of [false, true]) {
        const some = missing
          ? rows.map((row, at) => row.map((v, d) => ((at + d) % 7 === 0 ? Number.NaN : v)))
          : rows;
        const observations = observationsOf(some, missing ? 'marginalise' : 'refuse');
        const found = fit(observations, { ...options, states: 3, restarts: 3 });
        assert.notEqual(found.stoppedBy, 'likelihood_fell');
        assertSound(found.model, observations);
      }
    });

/** Of one state that has to explain the values. */
function freedomOf(values: readonly number[]): number {
  const rows = { dimensions: 1, values: Float64Array.from(values) };
  const found = fit(rows, { family: 'student_t', states: 1, restarts: 1, tolerance: 0 });
  assert.ok(found.model.family === 'student_t');
  return found.model.freedoms[0]!;
}

test('Student-t: degrees of freedom stay where there is a variance, and where tails can be told from none', () => {
  const uniform = Array.from({ length: 500 }, (_, row) => (row + 0.5) / 500);
  assert.equal(freedomOf(uniform.map((share) => Math.tan(Math.PI * (share - 0.5)))), 2.1);
  assert.equal(freedomOf(uniform), 200);
});

test('what a start has made impossible stays so, and the likelihood still never falls', () => {
  const { model } = TRUTHS['categorical']!;
  assert.ok(model.family === 'categorical');
  const probabilities = Float64Array.of(0.5, 0.5, 0, 0.9, 0.1, 0.1, 0.3, 0.6, 0.3, 0.7);
  const found = fitFrom({ ...model, probabilities }, generate(model, 400, 9), { iterationsMax: 30 });
  assert.notEqual(found.stoppedBy, 'likelihood_fell');
  assert.equal(found.model.probabilities[2], 0);
});

for (const [name, { model: truth, options, parameters }] of Object.entries(TRUTHS)) {
  test(`${name}: the free parameters are counted`, () => {
    assert.equal(parameterCount(truth), parameters);
    const rows = generate(truth, parameters - 1, 1);
    assert.throws(() => fit({ ...rows, lengths: [parameters - 1] }, { ...options, states: 2 }), {
      code: 'too_few_rows',
    });
  });

  test(`${name}: fewer rows than states, and states that no row belongs to, give a sound model`, () => {
    const one = { ...generate(truth, 30, 1), lengths: undefined };
    const observations = { dimensions: 2, values: one.values.slice(0, 2) };
    assertSound(fitFrom(truth, observations, { iterationsMax: 20 }).model, observations);
    const calm = { ...truth, start: Float64Array.of(1, 0), transition: Float64Array.of(1, 0, 0, 1) };
    const found = fitFrom(calm, generate(truth, 300, 2), { iterationsMax: 20 });
    assertSound(found.model, observations);
    assert.equal(found.statistics.occupancy[1], 0);
  });

  test(`${name}: rows that are wholly missing only let time pass`, () => {
    const observations = generate(truth, 400, 4);
    const rows = observations.values.length / 2;
    // Every second row is taken away: the chain then moves twice between rows.
    const holes = observations.values.map((value, at) => (Math.floor(at / 2) % 2 === 0 ? value : Number.NaN));
    const kept = observations.values.filter((_, at) => Math.floor(at / 2) % 2 === 0);
    const [stay, leave, back, remain] = truth.transition as unknown as [number, number, number, number];
    const twice = Float64Array.of(
      stay * stay + leave * back,
      stay * leave + leave * remain,
      back * stay + remain * back,
      back * leave + remain * remain,
    );
    const one = score(truth, { dimensions: 2, values: holes, missing: 'marginalise' });
    const other = score({ ...truth, transition: twice }, { dimensions: 2, values: kept });
    assert.ok(rows > 100 && Math.abs(one - other) < 1e-9 * Math.abs(other), `${one}, ${other}`);
  });

  test(`${name}: asking to marginalise changes nothing where nothing is missing`, () => {
    const observations = generate(truth, 300, 6);
    const search = { ...options, states: 2, restarts: 2, iterationsMax: 10 };
    assert.deepEqual(fit({ ...observations, missing: 'marginalise' }, search), fit(observations, search));
  });

  test(`${name}: statistics come back from JSON bit for bit, and online EM goes on from them`, () => {
    const first = generate(truth, 1_500, 7, 0.1);
    const next = generate(truth, 1_500, 8, 0.1);
    const { model, statistics } = fit(first, { ...options, states: 2, restarts: 3 });
    const carried = statisticsFromJson(JSON.parse(JSON.stringify(statisticsToJson(statistics))));
    assert.deepEqual(carried, statistics);
    const update = updateOnline(model, carried, next);
    assertSound(update.model, next);
    assert.ok(Math.abs(update.statistics.rows - 3_000) < 1e-6);
    assert.ok(update.logLikelihood > score(model, next) - 1e-9);
  });
}
