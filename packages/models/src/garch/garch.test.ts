import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  chooseVolatility,
  ewmaModel,
  filterVariances,
  fitGarch,
  fitVolatility,
  forecastVariances,
  longRunVariance,
  scoreVolatility,
  startOf,
  stepVariance,
  type VolatilityModel,
} from './index.ts';
import { logLikelihood, type Parameters } from './likelihood.ts';

const near = (actual: number, expected: number, by: number, what = '') =>
  assert.ok(
    Math.abs(actual - expected) <= by * Math.max(1, Math.abs(expected)),
    `${what} ${actual}, not ${expected}`,
  );

/** Normal numbers by Box & Muller from a linear congruential generator. */
function generator(seed: number): () => number {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) + 0.5) / 2 ** 32;
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const TRUE: VolatilityModel = {
  kind: 'garch',
  mean: 2e-4,
  omega: 2e-6,
  alpha: 0.05,
  gamma: 0.1,
  beta: 0.85,
  degreesOfFreedom: null,
};

function made(model: VolatilityModel, count: number, seed: number): Float64Array {
  const normal = generator(seed);
  let state = { variance: longRunVariance(model)! };
  return Float64Array.from({ length: count }, () => {
    const value = model.mean + Math.sqrt(state.variance) * normal();
    state = stepVariance(model, state, value);
    return value;
  });
}

test('the gradient is that of the likelihood', () => {
  const parameters: fc.Arbitrary<Parameters> = fc.record({
    mean: fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    omega: fc.double({ min: 0.01, max: 1, noNaN: true }),
    alpha: fc.double({ min: 0.01, max: 0.4, noNaN: true }),
    gamma: fc.double({ min: 0, max: 0.3, noNaN: true }),
    beta: fc.double({ min: 0.01, max: 0.8, noNaN: true }),
    inverseDegrees: fc.oneof(fc.constant(0), fc.double({ min: 0.02, max: 0.45, noNaN: true })),
  });
  const normal = generator(3);
  const returns = Float64Array.from({ length: 60 }, normal);
  fc.assert(
    fc.property(parameters, (at) => {
      const gradient = new Float64Array(6);
      logLikelihood(at, returns, gradient);
      for (const [i, key] of (
        ['mean', 'omega', 'alpha', 'gamma', 'beta', 'inverseDegrees'] as const
      ).entries()) {
        if (key === 'inverseDegrees' && at.inverseDegrees === 0) continue;
        const by = (step: number) =>
          logLikelihood({ ...at, [key]: at[key] + step }, returns, new Float64Array(6));
        near(gradient[i]!, (by(1e-6) - by(-1e-6)) / 2e-6, 1e-5, key);
      }
    }),
  );
});

test('parameters that returns were made with are found again', () => {
  const { model, converged, standardErrors } = fitGarch(made(TRUE, 8_000, 17), {
    asymmetric: true,
    errors: 'normal',
  });
  assert.ok(converged && standardErrors);
  for (const key of ['mean', 'omega', 'alpha', 'gamma', 'beta'] as const)
    assert.ok(
      Math.abs(model[key] - TRUE[key]) < 3 * standardErrors[key]!,
      `${key} ${model[key]}, not ${TRUE[key]}`,
    );
});

test('the filter from the start of a fit has the likelihood of the fit', () => {
  const returns = made(TRUE, 400, 6);
  const { model, start, logLikelihood: fitted } = fitGarch(returns);
  const { variances } = filterVariances(model, start, returns);
  const followed = variances.reduce(
    (sum, h, i) => sum - (Math.log(2 * Math.PI * h) + (returns[i]! - model.mean) ** 2 / h) / 2,
    0,
  );
  near(followed, fitted, 1e-12);
});

test('in other units the answer is the same in those units', () => {
  const returns = made(TRUE, 1_000, 5);
  const [one, other] = [1, 1e5].map((unit) => fitGarch(returns.map((value) => value * unit)));
  near(other!.model.omega / 1e10 / one!.model.omega, 1, 1e-6);
  near(other!.model.alpha, one!.model.alpha, 1e-6);
  near(other!.logLikelihood, one!.logLikelihood - 1_000 * Math.log(1e5), 1e-9);
});

test('whatever the returns, the answer is stationary, finite, and no worse than no model at all', () => {
  const shape = fc.constantFrom('normal', 'clusters', 'outlier', 'steps', 'rare');
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      shape,
      fc.boolean(),
      fc.boolean(),
      (seed, kind, asymmetric, isStudent) => {
        const normal = generator(seed);
        const returns = Float64Array.from({ length: 250 }, (_, i) => {
          if (kind === 'outlier') return i === 100 ? 1e6 : normal();
          if (kind === 'steps') return i < 125 ? normal() : 10 * normal();
          if (kind === 'rare') return i % 50 === 0 ? 1 : 0;
          return kind === 'normal' ? normal() : normal() * Math.exp(Math.sin(i / 20));
        });
        const fit = fitGarch(returns, { asymmetric, errors: isStudent ? 'student' : 'normal' });
        const { alpha, gamma, beta, omega } = fit.model;
        assert.ok(
          alpha >= 0 && alpha + gamma >= -1e-15 && beta >= 0 && alpha + gamma / 2 + beta < 1 && omega > 0,
        );
        assert.ok(
          Number.isFinite(fit.logLikelihood) && fit.state.variance > 0 && Number.isFinite(fit.state.variance),
        );
        const mean = returns.reduce((sum, x) => sum + x, 0) / 250;
        const variance = returns.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 250;
        // Normal returns lose a little to errors whose tails may be no thinner than those of 500 degrees of freedom.
        assert.ok(fit.logLikelihood >= (-250 / 2) * (Math.log(2 * Math.PI * variance) + 1) - 0.1);
      },
    ),
    { numRuns: 60 },
  );
});

test('streaming from a saved state gives the bits of the batch', () => {
  const returns = made(TRUE, 300, 8);
  const start = startOf(TRUE, returns);
  const { variances, state } = filterVariances(TRUE, start, returns);
  let saved = start;
  for (const [i, value] of returns.entries()) {
    assert.equal(saved.variance, variances[i]);
    saved = JSON.parse(JSON.stringify(stepVariance(TRUE, saved, value))) as typeof saved;
  }
  assert.deepEqual(saved, state);
});

test('returns without clusters, and too few of them, fall back to EWMA and say why', () => {
  const short = fitVolatility(made(TRUE, 50, 2));
  assert.deepEqual([short.fallback, short.fit, short.model.kind], ['too_few_rows', null, 'ewma']);
  const normal = generator(12);
  const plain = Array.from({ length: 12 }, () => fitVolatility(Float64Array.from({ length: 600 }, normal)));
  assert.ok(plain.some(({ fallback }) => fallback === 'no_clusters'));
  for (const { fallback, fit, model } of plain) {
    assert.equal(model.kind, fallback ? 'ewma' : 'garch');
    assert.equal(fallback === 'no_clusters', fit!.atBounds.includes('alpha'));
  }
});

test('EWMA is the recursion of RiskMetrics, and its forecast stays', () => {
  const returns = Float64Array.of(0.01, -0.02, 0.03, -0.02);
  const model = ewmaModel(returns, 0.9);
  const { state } = filterVariances(model, { variance: 4e-4 }, Float64Array.of(0.03));
  near(state.variance, 0.9 * 4e-4 + 0.1 * 0.03 ** 2, 1e-15);
  assert.equal(longRunVariance(model), null);
  near(forecastVariances(model, state, 5)[4]! / state.variance, 1, 1e-14);
});

test('a model that is worse than EWMA out of sample is told to be', () => {
  const returns = made(TRUE, 3_000, 21);
  const wrong = { ...TRUE, omega: 1e-3, alpha: 0, gamma: 0, beta: 0 };
  const [training, later] = [returns.subarray(0, 1_500), returns.subarray(1_500)];
  const score = scoreVolatility(wrong, training, later);
  assert.ok(score.isWorse && score.difference > 3 * score.standardError);
  near(score.model - score.ewma, score.difference, 1e-12);
});

test('a GARCH that forecasts later returns worse than EWMA is not taken', () => {
  const options = { asymmetric: false, errors: 'normal' } as const;
  const normal = generator(5);
  // Clusters while it is fitted, and a market that is another one from the first later return on.
  const returns = Float64Array.from(made(TRUE, 1_000, 4), (value, i) =>
    i < 800 ? value : 20 * value + normal() / 9,
  );
  const turned = chooseVolatility(returns, options, 0.2);
  assert.deepEqual([turned.fallback, turned.model.kind], ['worse_than_ewma', 'ewma']);
  assert.ok(turned.score!.isWorse && turned.score!.difference > 0);
  const steady = chooseVolatility(made(TRUE, 4_000, 4), options, 0.2);
  assert.deepEqual([steady.fallback, steady.model.kind], [null, 'garch']);
  assert.ok(!steady.score!.isWorse);
  const short = chooseVolatility(made(TRUE, 230, 4), options, 0.2);
  assert.deepEqual([short.fallback, short.model.kind, short.score], ['too_few_rows', 'ewma', null]);
});

test('what cannot be fitted or followed is refused by name', () => {
  const returns = made(TRUE, 300, 1);
  const run = (given: Partial<VolatilityModel>) => () =>
    filterVariances({ ...TRUE, ...given }, { variance: 1 }, returns);
  assert.throws(() => fitGarch(returns.subarray(0, 100)), { code: 'too_few_rows' });
  assert.throws(() => fitGarch(returns.with(7, NaN)), { code: 'not_finite', message: /return 7/ });
  assert.throws(() => fitVolatility(returns.with(7, Infinity)), { code: 'not_finite' });
  assert.throws(() => fitVolatility(new Float64Array(300).fill(0.01)), { code: 'degenerate' });
  assert.throws(() => fitGarch(returns.map((value) => value * 1e200)), { code: 'not_finite' });
  assert.throws(() => ewmaModel(returns, 1), { code: 'bad_option' });
  assert.throws(() => stepVariance(TRUE, { variance: 1 }, NaN), { code: 'not_finite' });
  assert.throws(() => forecastVariances(TRUE, { variance: 1 }, 0), { code: 'bad_option' });
  assert.throws(run({ beta: 0.95 }), { code: 'bad_model', message: /below 1/ });
  assert.throws(run({ gamma: -0.06 }), { code: 'bad_model', message: /gamma/ });
  assert.throws(run({ degreesOfFreedom: 2 }), { code: 'bad_model', message: /degreesOfFreedom/ });
});
