import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diffuseStart, filter, fitTrend, knownStart, smooth, step, type TrendModel } from './index.ts';
import { disturbed, moved, observe } from './state.ts';

const dataDir = process.env['MARKET_DATA_DIR'];
const skip = dataDir === undefined && 'MARKET_DATA_DIR is not set';

interface Fixture {
  readonly nile: {
    readonly y: readonly number[];
    readonly s2e: number;
    readonly s2n: number;
    readonly P1: number;
    readonly loglik: number;
    /** By step: a, P, v, F, K, filtered a, filtered P. */
    readonly steps: readonly (readonly [number, number, number, number, number, number, number])[];
    readonly steps_index: readonly number[];
    readonly exact_diffuse_loglik_at_dk: number;
    readonly exact_ml: { readonly llf: number };
  };
  readonly nile_missing: {
    readonly missing: readonly (readonly [number, number])[];
    readonly loglik: number;
    readonly a_at_39: number;
    readonly P_at_39: number;
  };
  readonly cv: {
    readonly z: readonly number[];
    readonly R: number;
    readonly Q: readonly [readonly [number, number], readonly [number, number]];
    readonly loglik_steps_1_199: number;
    readonly checkpoints: readonly {
      readonly k: number;
      readonly x: readonly [number, number];
      readonly P: readonly [readonly [number, number], readonly [number, number]];
      readonly S: number;
    }[];
  };
}

const known = () =>
  JSON.parse(readFileSync(join(dataDir!, 'fixtures/known-answers/ml/kalman.json'), 'utf8')) as Fixture;

function near(actual: number, expected: number, what: string, share = 1e-11) {
  assert.ok(Math.abs(actual - expected) <= share * Math.abs(expected), `${what}: ${actual}, not ${expected}`);
}

const modelOf = ({ nile }: Fixture): TrendModel => ({
  motion: 'local_level',
  observationVariance: nile.s2e,
  levelVariance: nile.s2n,
  velocityVariance: 0,
});

const startOf = ({ nile }: Fixture) => knownStart(0, 0, { level: nile.P1, cross: 0, velocity: 0 });

test('the Nile is filtered as Durbin & Koopman have it', { skip }, () => {
  const fixture = known();
  const model = modelOf(fixture);
  const prices = Float64Array.from(fixture.nile.y);
  near(filter(model, { prices }, startOf(fixture)).logLikelihood, fixture.nile.loglik, 'log-likelihood');
  let state = startOf(fixture);
  for (const [bar, price] of prices.entries()) {
    const seen = step(model, state, price, bar === 0 ? 0 : 1);
    ({ state } = seen);
    const expected = fixture.nile.steps[fixture.nile.steps_index.indexOf(bar)];
    if (!expected) continue;
    const [, , v, F, , level, variance] = expected;
    near(seen.innovation!, v, `innovation ${bar}`, 1e-9);
    near(seen.innovationVariance, F, `variance of innovation ${bar}`);
    near(state.level, level, `level ${bar}`);
    near(state.spread.level, variance, `variance of level ${bar}`, 1e-10);
  }
});

test('years that are missing are passed over as in the fixture', { skip }, () => {
  const fixture = known();
  const model = modelOf(fixture);
  const prices = Float64Array.from(fixture.nile.y);
  for (const [from, to] of fixture.nile_missing.missing) prices.fill(NaN, from, to);
  const found = filter(model, { prices }, startOf(fixture));
  near(found.logLikelihood, fixture.nile_missing.loglik, 'log-likelihood');
  near(found.levels[39]!, fixture.nile_missing.a_at_39, 'level');
  // The fixture's variance is what was forecast for the bar, which is the state of a bar that is missing.
  near(found.levelDeviations[39]! ** 2, fixture.nile_missing.P_at_39, 'variance');
});

test('the likeliest variances of the Nile are the published ones', { skip }, () => {
  const fixture = known();
  const prices = Float64Array.from(fixture.nile.y);
  const atPublished = filter(modelOf(fixture), { prices }).logLikelihood;
  near(atPublished, fixture.nile.exact_diffuse_loglik_at_dk, 'log-likelihood, exact diffuse', 2e-11);
  const { model, logLikelihood, converged, atBounds } = fitTrend('local_level', { prices });
  assert.ok(converged && atBounds.length === 0);
  near(model.observationVariance, fixture.nile.s2e, 'variance of the observation', 1e-4);
  near(model.levelVariance, fixture.nile.s2n, 'variance of the level', 1e-4);
  assert.ok(logLikelihood >= atPublished && logLikelihood > fixture.nile.exact_ml.llf);
});

test('the smoothed Nile is symmetric in its errors and ends as the filter does', { skip }, () => {
  const fixture = known();
  const model = modelOf(fixture);
  const series = { prices: Float64Array.from(fixture.nile.y) };
  const [smoothed, filtered] = [smooth(model, series), filter(model, series)];
  near(smoothed.levels[99]!, filtered.levels[99]!, 'last level');
  // Either end is known as well as the filter knows any year in its steady state; in the middle, P and P + Q meet.
  assert.equal(Math.round(smoothed.levelDeviations[0]! ** 2), 4_032);
  assert.equal(Math.round(smoothed.levelDeviations[99]! ** 2), 4_032);
  assert.equal(
    Math.round(smoothed.levelDeviations[50]! ** 2),
    Math.round(1 / (1 / 4_032.16 + 1 / (4_032.16 + fixture.nile.s2n))),
  );
});

test('a constant velocity is followed to the digits of the checkpoints', { skip }, () => {
  const { cv } = known();
  const [[level, cross], [, velocity]] = cv.Q;
  let state = knownStart(cv.z[0]!, 0, { level: 1, cross: 0, velocity: 1 });
  let logLikelihood = 0;
  for (let bar = 1; bar < cv.z.length; bar++) {
    const seen = observe(disturbed(moved(state, 1), { level, cross, velocity }), {
      ofLevel: 1,
      ofVelocity: 0,
      value: cv.z[bar]!,
      variance: cv.R,
    });
    ({ state } = seen);
    logLikelihood += seen.logLikelihood;
    const expected = cv.checkpoints.find(({ k }) => k === bar);
    if (!expected) continue;
    near(seen.innovationVariance, expected.S, `variance of innovation ${bar}`);
    near(state.level, expected.x[0], `level ${bar}`);
    near(state.velocity, expected.x[1], `velocity ${bar}`);
    near(state.spread.level, expected.P[0][0], `variance of level ${bar}`);
    near(state.spread.cross, expected.P[0][1], `covariance ${bar}`);
    near(state.spread.velocity, expected.P[1][1], `variance of velocity ${bar}`);
  }
  near(logLikelihood, cv.loglik_steps_1_199, 'log-likelihood');
});

test('two prices fix level and velocity of an exact diffuse start', () => {
  const model: TrendModel = {
    motion: 'local_linear_trend',
    observationVariance: 2,
    levelVariance: 3,
    velocityVariance: 5,
  };
  const { state } = filter(model, { prices: Float64Array.of(10, 13) });
  // By hand: the velocity's error is its disturbance, the level's, and the noise of both prices.
  assert.deepEqual(state, {
    level: 13,
    velocity: 3,
    spread: { level: 2, cross: 2, velocity: 5 + 3 + 2 * 2 },
    diffuse: null,
  });
  const one = filter(model, { prices: Float64Array.of(10) });
  assert.deepEqual([...one.levels, ...one.levelDeviations], [10, Math.SQRT2]);
  assert.deepEqual([...one.velocities, ...one.velocityDeviations], [0, Infinity]);
  assert.equal(diffuseStart(model).diffuse?.velocity, 1);
});
