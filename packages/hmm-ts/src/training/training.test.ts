import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createRandom,
  fit,
  fitFrom,
  gaussianHmm,
  sample,
  stateDeviations,
  stateMeans,
  type Covariance,
  type FitProgress,
} from '../index.ts';

const maker = gaussianHmm('diagonal', {
  start: [0.6, 0.4],
  transition: [
    [0.95, 0.05],
    [0.1, 0.9],
  ],
  means: [[0.3], [-1]],
  covariances: [[0.25], [4]],
});
const rows = sample(maker, 800, createRandom(1));

test('200 seeds: the parameters that made the rows are found again, calmest state first', () => {
  for (let seed = 0; seed < 200; seed++) {
    const drawn = sample(maker, 1_500, createRandom(seed));
    const { model } = fit(drawn, { states: 2, seed, restarts: 2, finalists: 1 });
    const [calm, wild] = stateDeviations(model);
    const [calmMean, wildMean] = stateMeans(model);
    // Each within about five standard errors at 1,000 calm and 500 wild rows.
    assertNear(calm!, 0.5, 0.07, `seed ${seed}, calm deviation`);
    assertNear(wild!, 2, 0.5, `seed ${seed}, wild deviation`);
    assertNear(calmMean!, 0.3, 0.1, `seed ${seed}, calm mean`);
    assertNear(wildMean!, -1, 0.6, `seed ${seed}, wild mean`);
    assertNear(model.transition[0]!, 0.95, 0.05, `seed ${seed}, calm stays`);
    assertNear(model.transition[3]!, 0.9, 0.1, `seed ${seed}, wild stays`);
  }
});

function assertNear(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${what}: ${actual} is not ${expected} to ${tolerance}`,
  );
}

const priors = fc.record({
  varianceRows: fc.constantFrom(0, 0.5, 20),
  transitionRows: fc.constantFrom(0, 1, 10),
  stayRows: fc.constantFrom(0, 5, 100),
});

test('with any priors the posterior never falls, so the guard never has to stop a run', () => {
  fc.assert(
    fc.property(
      priors,
      fc.constantFrom<Covariance>('spherical', 'diagonal', 'tied', 'full'),
      fc.integer(),
      (beliefs, covariance, seed) => {
        const random = createRandom(seed);
        const values = Float64Array.from(
          { length: 240 },
          (_, at) => (at % 3) * 2 + random.uniform() * (at > 120 ? 4 : 1),
        );
        const observations = { dimensions: 2, values };
        const found = fit(observations, {
          states: 2,
          covariance,
          priors: beliefs,
          restarts: 2,
          finalists: 1,
          iterationsMax: 60,
        });
        assert.notEqual(found.stoppedBy, 'likelihood_fell');
      },
    ),
    { numRuns: 60 },
  );
});

function believing(beliefs: object) {
  return fit(rows, { states: 2, priors: beliefs }).model;
}

test('a prior pulls as hard as its rows: variances to the pooled one, states to last', () => {
  const plain = fit(rows, { states: 2 });
  const pooled = Math.sqrt(
    rows.values.reduce((sum, value) => sum + value * value, 0) / 800 -
      (rows.values.reduce((sum, value) => sum + value, 0) / 800) ** 2,
  );
  const [calm] = stateDeviations(plain.model);
  const [some] = stateDeviations(believing({ varianceRows: 100 }));
  const [all] = stateDeviations(believing({ varianceRows: 1e7 }));
  assert.ok(calm! < some! && some! < all! && Math.abs(all! / pooled - 1) < 1e-3);
  const [stay] = plain.model.transition;
  const [longer] = believing({ stayRows: 500 }).transition;
  const [even] = believing({ transitionRows: 1e6 }).transition;
  assert.ok(longer! > stay! && Math.abs(even! - 0.5) < 0.01);
});

test('a prior means the same in any units of the data', () => {
  const options = { states: 2, priors: { varianceRows: 30, stayRows: 20 } };
  const metres = fit(rows, options);
  const millimetres = fit({ ...rows, values: rows.values.map((value) => value * 1000) }, options);
  stateDeviations(metres.model).forEach((deviation, state) =>
    assert.ok(Math.abs(stateDeviations(millimetres.model)[state]! / deviation / 1000 - 1) < 1e-6),
  );
});

test('a step that cannot be stays so under a prior of transitions', () => {
  const start = { ...maker, transition: Float64Array.of(0.9, 0.1, 0, 1) };
  const { model } = fitFrom(start, rows, { priors: { transitionRows: 5, stayRows: 5 } });
  assert.equal(model.transition[2], 0);
  assert.ok(model.transition[1]! > 0);
});

test('progress tells every iteration of every start, in the units of the data', () => {
  const told: FitProgress[] = [];
  const found = fit(rows, {
    states: 2,
    restarts: 3,
    finalists: 1,
    tolerance: 1e-9,
    onProgress: (progress) => told.push(progress),
  });
  const screening = told.filter((progress) => progress.phase === 'screening');
  assert.deepEqual([...new Set(screening.map((progress) => progress.attempt))], [0, 1, 2]);
  const last = told.at(-1)!;
  assert.equal(last.phase, 'final');
  assert.ok(Math.abs(last.logLikelihoodPerRow * 800 - found.logLikelihood) < 1e-9 * 800);
  const own = told.filter((progress) => progress.attempt === last.attempt);
  assert.equal(own.length, found.history.length - 1);
});

test('an abort is seen before the next iteration, and its reason thrown', () => {
  const controller = new AbortController();
  const reason = new RangeError('enough');
  let iterations = 0;
  const onProgress = () => {
    iterations++;
    if (iterations === 5) controller.abort(reason);
  };
  assert.throws(() => fit(rows, { states: 2, signal: controller.signal, onProgress }), reason);
  assert.equal(iterations, 5);
  assert.throws(() => fitFrom(maker, rows, { signal: AbortSignal.abort(reason) }), reason);
});

test('the tolerance is in nats a row: the same on one copy of the rows and on ten', () => {
  const tenfold = {
    dimensions: 1,
    values: new Float64Array(8_000),
    lengths: Array.from({ length: 10 }, () => 800),
  };
  for (let copy = 0; copy < 10; copy++) tenfold.values.set(rows.values, copy * 800);
  const once = fitFrom(maker, rows, { tolerance: 1e-4 });
  const often = fitFrom(maker, tenfold, { tolerance: 1e-4 });
  assert.equal(often.history.length, once.history.length);
});

test('degenerate states are reported: floored, doubled, empty', () => {
  const many = Array.from({ length: 100 }, (_, index) => Math.sin(index * 1.7));
  const constant = Float64Array.from(many.flatMap((value) => [value, 4]));
  assert.deepEqual(
    fit({ dimensions: 2, values: constant }, { states: 2 }).degenerate.map(({ kind }) => kind),
    ['floored', 'floored'],
  );
  const alike = { ...maker, means: Float64Array.of(0, 1e-3), covariances: Float64Array.of(1, 1) };
  assert.deepEqual(fitFrom(alike, rows, { iterationsMax: 0 }).degenerate, [
    { state: 1, kind: 'duplicate', of: 0 },
  ]);
  const stuck = { ...maker, start: Float64Array.of(1, 0), transition: Float64Array.of(1, 0, 0, 1) };
  assert.deepEqual(fitFrom(stuck, rows, { iterationsMax: 1 }).degenerate, [{ state: 1, kind: 'empty' }]);
  assert.deepEqual(fit(rows, { states: 2 }).degenerate, []);
});

function refuse(change: object, message: RegExp): void {
  assert.throws(() => fit(rows, { states: 2, ...change }), { code: 'bad_option', message });
}

test('priors and rows that do not fit are refused by name', () => {
  refuse({ priors: { stayRows: -1 } }, /priors.stayRows must be from 0 and finite, not -1/);
  refuse({ priors: { transitionRows: Number.NaN } }, /priors.transitionRows/);
  refuse({ priors: { varianceRows: 1 }, family: 'student_t' }, /priors.varianceRows is for gaussian/);
  assert.throws(() => fit({ dimensions: 1, values: Float64Array.of(1, 2, 3) }, { states: 4 }), {
    code: 'too_few_rows',
    message: '3 rows, at least 23 are needed',
  });
});
