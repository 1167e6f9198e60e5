import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  decode,
  fit,
  forwardBackward,
  gaussianHmm,
  infer,
  markovChain,
  stateMeans,
  viterbi,
} from './index.ts';

const folder = join(process.env['MARKET_DATA_DIR'] ?? '', 'fixtures/known-answers/ml');
const skip = existsSync(folder) ? false : 'MARKET_DATA_DIR is not set';
const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));

function assertClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(
      Math.abs(actual[i]! - expected[i]!) <= tolerance,
      `entry ${i}: ${actual[i]} is not ${expected[i]} to ${tolerance}`,
    );
}

const firstState = (probabilities: Float64Array) => probabilities.filter((_, index) => index % 2 === 0);

interface Umbrella {
  startprob: number[];
  transmat: number[][];
  frameprob: number[][];
  loglik: number;
  posterior_state0: number[];
  filtered_state0: number[];
  viterbi_logprob: number;
  viterbi_path: number[];
}

test('umbrella world: filter, smoother and path of the published example', { skip }, () => {
  const known = read('hmm_wikipedia_umbrella.json') as Umbrella;
  const chain = markovChain(known.startprob, known.transmat);
  const logDensities = Float64Array.from(known.frameprob.flat(), Math.log);
  const posterior = forwardBackward(chain, logDensities);
  assertClose([posterior.logLikelihood], [known.loglik], 1e-12);
  assertClose(firstState(posterior.filtered), known.filtered_state0, 1e-12);
  assertClose(firstState(posterior.smoothed), known.posterior_state0, 1e-12);
  const path = viterbi(chain, logDensities);
  assertClose([path.logProbability], [known.viterbi_logprob], 1e-12);
  assert.deepEqual([...path.states], known.viterbi_path);
});

interface FedFunds {
  data: number[];
  transmat: number[][];
  startprob_value: number[];
  means: number[];
  variance_tied: number;
  loglik_full_precision: number;
  filtered_state0: number[];
  smoothed_state0: number[];
  viterbi: number[];
}

test('federal funds rate: likelihood, filter, smoother and path of Stata', { skip }, () => {
  const known = read('hmm_fedfunds_stata.json') as FedFunds;
  const model = gaussianHmm('diagonal', {
    start: known.startprob_value,
    transition: known.transmat,
    means: known.means.map((mean) => [mean]),
    covariances: known.means.map(() => [known.variance_tied]),
  });
  const observations = { dimensions: 1, values: Float64Array.from(known.data) };
  const inference = infer(model, observations);
  assertClose([inference.logLikelihood], [known.loglik_full_precision], 1e-9);
  assertClose(firstState(inference.filtered), known.filtered_state0, 1e-6);
  assertClose(firstState(inference.smoothed), known.smoothed_state0, 5e-7);
  assert.deepEqual([...decode(model, observations)], known.viterbi);
});

test(
  'federal funds rate: tied covariance ends at the optimum of Stata, whose start is the stationary one',
  { skip },
  () => {
    const known = read('hmm_fedfunds_stata.json') as FedFunds;
    const observations = { dimensions: 1, values: Float64Array.from(known.data) };
    const { model, logLikelihood } = fit(observations, { states: 2, covariance: 'tied', tolerance: 1e-10 });
    // A start of its own can only gain, and no more than the stationary one gave away.
    const gain = logLikelihood - known.loglik_full_precision;
    assert.ok(gain >= 0 && gain <= -Math.log(Math.min(...known.startprob_value)), `${logLikelihood}`);
    const order = stateMeans(model)[0]! < stateMeans(model)[1]! ? [0, 1] : [1, 0];
    assertClose(
      order.map((state) => stateMeans(model)[state]!),
      known.means,
      0.02,
    );
    const variance = model.covariances[0]! * model.scaling.scales[0]! ** 2;
    assertClose([Math.sqrt(variance)], [Math.sqrt(known.variance_tied)], 0.01);
    const stays = order.map((state) => model.transition[state * 3]!);
    assertClose(stays, [known.transmat[0]![0]!, known.transmat[1]![1]!], 0.005);
  },
);

interface Speed {
  rt: number[];
  corr01: number[];
  lengths: number[];
  transmat: number[][];
  startprob: number[];
  mu: number[];
  sd: number[];
  p_corr: number[][];
  loglik: number;
}

test('response times: three sequences of a Gaussian and a Bernoulli, as depmixS4 has them', { skip }, () => {
  const known = read('hmm_speed_depmix.json') as Speed;
  const chain = markovChain(known.startprob, known.transmat);
  let total = 0;
  let first = 0;
  for (const length of known.lengths) {
    const rows = Array.from({ length }, (_, step) => first + step);
    const logDensities = rows.flatMap((row) =>
      known.mu.map((mean, state) => {
        const whitened = (known.rt[row]! - mean) / known.sd[state]!;
        const gaussian = -0.5 * (Math.log(2 * Math.PI) + whitened ** 2) - Math.log(known.sd[state]!);
        return gaussian + Math.log(known.p_corr[state]![known.corr01[row]!]!);
      }),
    );
    total += forwardBackward(chain, Float64Array.from(logDensities)).logLikelihood;
    first += length;
  }
  assertClose([total], [known.loglik], 1e-8);
});
