import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { factor, solve } from '../numerics/cholesky.ts';
import { filter, fitTrend, knownStart, predict, smooth, step, type TrendModel } from './index.ts';
import { disturbance } from './model.ts';

const variance = fc.constantFrom(0.01, 0.3, 1, 20);
const models: fc.Arbitrary<TrendModel> = fc.record({
  motion: fc.constant('local_linear_trend' as const),
  observationVariance: variance,
  levelVariance: fc.oneof(variance, fc.constant(0)),
  velocityVariance: fc.oneof(variance, fc.constant(0)),
});
const price = fc.integer({ min: -5_000, max: 5_000 }).map((x) => x / 100);
const prices = (minLength: number, maxLength: number) =>
  fc.array(fc.oneof({ weight: 4, arbitrary: price }, { weight: 1, arbitrary: fc.constant(NaN) }), {
    minLength,
    maxLength,
  });

const near = (actual: number, expected: number, by: number) =>
  assert.ok(
    Math.abs(actual - expected) <= by * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  );

const START = { level: 4, cross: 1, velocity: 2 };

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Levels given all prices, by conditioning one large normal distribution. */
function conditioned(
  model: TrendModel,
  given: readonly number[],
): { levels: number[]; variances: number[]; logLikelihood: number } {
  const size = given.length;
  // Covariance of the levels of bars i <= j: the state's own at bar i, then moved on undisturbed.
  const own = Array.from({ length: size }, (_, bar) => predict(model, knownStart(1, 0.5, START), bar));
  const covariance = (i: number, j: number) => {
    const [first, later] = [Math.min(i, j), Math.max(i, j)];
    const { level, cross } = own[first]!.spread;
    return level + (later - first) * cross;
  };
  const seen = [...given.keys()].filter((bar) => !Number.isNaN(given[bar]));
  const lower = factor(
    seen.map((i) =>
      Float64Array.from(seen, (j) => covariance(i, j) + (i === j ? model.observationVariance : 0)),
    ),
  )!;
  const errors = Float64Array.from(seen, (bar) => given[bar]! - own[bar]!.level);
  const weights = solve(lower, errors);
  const withSeen = given.map((_, bar) => Float64Array.from(seen, (j) => covariance(bar, j)));
  const logDeterminant = lower.reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0);
  return {
    levels: withSeen.map((row, bar) => own[bar]!.level + dot(row, weights)),
    variances: withSeen.map((row, bar) => covariance(bar, bar) - dot(row, solve(lower, row))),
    logLikelihood: -(seen.length * Math.log(2 * Math.PI) + logDeterminant + dot(errors, weights)) / 2,
  };
}

test('filter and smoother are the conditional normal distribution', () => {
  fc.assert(
    fc.property(models, prices(3, 9), (model, given) => {
      fc.pre(given.filter((each) => !Number.isNaN(each)).length >= 3);
      const series = { prices: Float64Array.from(given) };
      const start = knownStart(1, 0.5, START);
      const expected = conditioned(model, given);
      const smoothed = smooth(model, series, start);
      for (const bar of given.keys()) {
        near(smoothed.levels[bar]!, expected.levels[bar]!, 1e-8);
        near(smoothed.levelDeviations[bar]! ** 2, expected.variances[bar]!, 1e-8);
      }
      const filtered = filter(model, series, start);
      near(filtered.logLikelihood, expected.logLikelihood, 1e-9);
      near(filtered.state.level, expected.levels.at(-1)!, 1e-8);
    }),
  );
});

test('the exact diffuse start is the limit of ever larger variances', () => {
  fc.assert(
    fc.property(models, prices(3, 12), (model, given) => {
      fc.pre(given.filter((each) => !Number.isNaN(each)).length >= 3);
      const series = { prices: Float64Array.from(given) };
      // Wide beside every variance of the model, and not so wide that rounding eats the smallest of them.
      const wide = knownStart(0, 0, { level: 1e8, cross: 0, velocity: 1e8 });
      const [exact, limit] = [smooth(model, series), smooth(model, series, wide)];
      for (const bar of given.keys()) {
        near(exact.levels[bar]!, limit.levels[bar]!, 1e-3);
        near(exact.velocities[bar]!, limit.velocities[bar]!, 1e-3);
        near(exact.velocityDeviations[bar]!, limit.velocityDeviations[bar]!, 1e-3);
      }
    }),
  );
});

test('bars in between are missing bars', () => {
  fc.assert(
    fc.property(models, prices(4, 12), fc.integer({ min: 2, max: 9 }), (model, given, gap) => {
      const missing = given.flatMap((each, bar) =>
        bar === 2 ? [...Array<number>(gap - 1).fill(NaN), each] : [each],
      );
      const bars = Float64Array.from(given, (_, bar) => (bar === 2 ? gap : 1));
      const [a, b] = [
        filter(model, { prices: Float64Array.from(given), bars }),
        filter(model, { prices: Float64Array.from(missing) }),
      ];
      near(a.logLikelihood, b.logLikelihood, 1e-9);
      near(a.state.velocity, b.state.velocity, 1e-9);
      near(a.state.spread.level, b.state.spread.level, 1e-9);
    }),
  );
});

test('missing bars before the first price leave nothing known, and change nothing after it', () => {
  const model: TrendModel = {
    motion: 'local_linear_trend',
    observationVariance: 1,
    levelVariance: 0.3,
    velocityVariance: 0.7,
  };
  const seen = [10, 12, 11, 15];
  const late = Float64Array.from([...Array<number>(20_000).fill(NaN), ...seen]);
  const [now, later] = [Float64Array.from(seen), late].map((each) => filter(model, { prices: each }));
  assert.deepEqual(later!.state, now!.state);
  assert.equal(later!.logLikelihood, now!.logLikelihood);
  assert.equal(later!.levelDeviations[19_999], Infinity);
});

test('a step of k + s bars is one of k and one of s, fractions included', () => {
  const model: TrendModel = {
    motion: 'local_linear_trend',
    observationVariance: 1,
    levelVariance: 0.3,
    velocityVariance: 0.7,
  };
  const start = knownStart(3, 0.1, START);
  const [once, twice] = [predict(model, start, 4), predict(model, predict(model, start, 1.5), 2.5)];
  near(twice.spread.level, once.spread.level, 1e-12);
  near(twice.spread.cross, once.spread.cross, 1e-12);
  assert.deepEqual(disturbance(model, 1), { level: 0.3, cross: 0, velocity: 0.7 });
});

test('streaming from a saved state gives the bits of the batch, and what comes later changes nothing before', () => {
  fc.assert(
    fc.property(models, prices(2, 30), (model, given) => {
      const series = { prices: Float64Array.from(given) };
      const whole = filter(model, series);
      const half = Math.ceil(given.length / 2);
      const part = filter(model, { prices: series.prices.subarray(0, half) });
      let state = JSON.parse(JSON.stringify(part.state)) as typeof part.state;
      for (const each of given.slice(half)) ({ state } = step(model, state, each));
      assert.deepEqual(state, JSON.parse(JSON.stringify(whole.state)));
      assert.deepEqual(part.velocities, whole.velocities.subarray(0, half).slice());
    }),
  );
});

test('an outlier leaves numbers, and variances that are not negative', () => {
  const model: TrendModel = {
    motion: 'local_linear_trend',
    observationVariance: 1e-6,
    levelVariance: 0,
    velocityVariance: 1e-12,
  };
  const series = {
    prices: Float64Array.from({ length: 2_000 }, (_, bar) => (bar === 700 ? 1e12 : 100 + bar)),
  };
  for (const path of [filter(model, series), smooth(model, series)])
    for (const column of [path.levels, path.velocities, path.levelDeviations])
      assert.ok(column.every((each) => Number.isFinite(each)));
  const { state } = filter(model, series);
  assert.ok(state.spread.level * state.spread.velocity >= state.spread.cross ** 2);
});

/** Uniform from -1/2 to 1/2. */
function generator(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
}

test('variances that a trend was made with are found again', () => {
  const uniform = generator(4);
  let [level, velocity] = [100, 0];
  const made = Float64Array.from({ length: 4_000 }, () => {
    velocity += 0.05 * uniform();
    level += velocity + uniform();
    return level + 2 * uniform();
  });
  const { model, converged, atBounds } = fitTrend('local_linear_trend', { prices: made });
  assert.ok(converged && atBounds.length === 0);
  const pairs = [
    [model.observationVariance, 4 / 12],
    [model.levelVariance, 1 / 12],
    [model.velocityVariance, 0.05 ** 2 / 12],
  ] as const;
  for (const [found, truth] of pairs)
    assert.ok(Math.abs(Math.log(found / truth)) < 0.5, `${found}, not ${truth}`);
});

test('a random walk has no velocity, and the fit says so instead of stopping on the way there', () => {
  const uniform = generator(10);
  let level = 50;
  const walk = Float64Array.from({ length: 800 }, () => (level += uniform()));
  const { model, atBounds, converged, logLikelihood } = fitTrend('local_linear_trend', { prices: walk });
  assert.ok(converged);
  assert.deepEqual(atBounds, ['velocityVariance']);
  assert.equal(model.velocityVariance, 0);
  // A search by logarithms ends on the flat side of no noise at all, half a unit lower.
  const flat = filter({ ...model, observationVariance: 4e-10, levelVariance: 0.0861 }, { prices: walk });
  assert.ok(logLikelihood > flat.logLikelihood + 0.4);
});

test('what cannot be filtered or fitted is refused by name', () => {
  const model: TrendModel = {
    motion: 'local_level',
    observationVariance: 1,
    levelVariance: 1,
    velocityVariance: 0,
  };
  const series = { prices: Float64Array.of(1, 2, 3) };
  const run = (given: Partial<TrendModel>) => () => filter({ ...model, ...given }, series);
  assert.throws(run({ observationVariance: 0 }), { code: 'bad_model', message: /observationVariance/ });
  assert.throws(run({ levelVariance: NaN }), { code: 'bad_model', message: /levelVariance/ });
  assert.throws(run({ velocityVariance: 1 }), { code: 'bad_model', message: /velocityVariance/ });
  assert.throws(() => filter(model, { prices: Float64Array.of(1, Infinity) }), { code: 'not_finite' });
  assert.throws(() => filter(model, { prices: Float64Array.of(1e200, -1e200) }), { code: 'not_finite' });
  assert.throws(() => filter(model, { ...series, bars: Float64Array.of(1) }), { code: 'bad_shape' });
  assert.throws(() => filter(model, { ...series, bars: Float64Array.of(0, 0.5, 1) }), { code: 'bad_option' });
  assert.throws(() => smooth(model, { prices: Float64Array.of(1, NaN, 3) }), { code: 'too_few_rows' });
  assert.throws(() => fitTrend('local_level', series), { code: 'too_few_rows' });
  assert.throws(() => fitTrend('local_level', { prices: new Float64Array(50).fill(7) }), {
    code: 'degenerate',
  });
  assert.throws(() => fitTrend('local_level', { prices: new Float64Array(50).with(3, -Infinity) }), {
    code: 'not_finite',
  });
});
