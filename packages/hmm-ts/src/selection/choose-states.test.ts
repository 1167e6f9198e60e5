import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  chooseStates,
  createRandom,
  gaussianHmm,
  heldOutScore,
  infer,
  integratedCompletedLikelihood,
  parameterCount,
  sample,
  score,
  stateLogDensities,
} from '../index.ts';

const maker = gaussianHmm('diagonal', {
  start: [1, 0, 0],
  transition: [
    [0.96, 0.02, 0.02],
    [0.03, 0.94, 0.03],
    [0.05, 0.05, 0.9],
  ],
  means: [[0], [3], [-4]],
  covariances: [[0.25], [1], [4]],
});
const observations = sample(maker, 3_000, createRandom(5));
const options = { candidates: [1, 2, 3, 4, 5], restarts: 4, finalists: 2 };

for (const criterion of ['bic', 'icl', 'held_out'] as const)
  test(`${criterion} finds the three states that made the rows`, () => {
    const { chosen, candidates } = chooseStates(observations, { ...options, criterion });
    assert.equal(chosen.fit.model.states, 3);
    assert.deepEqual(
      candidates.map((candidate) => candidate.fit.model.states),
      [1, 2, 3, 4, 5],
    );
    const [one, two, three] = candidates;
    assert.ok(three!.heldOut > two!.heldOut && two!.heldOut > one!.heldOut);
    for (const { fit, aic, bic } of candidates) {
      const parameters = parameterCount(fit.model);
      assert.ok(Math.abs(aic - (2 * parameters - 2 * fit.logLikelihood)) < 1e-9);
      assert.ok(Math.abs(bic - aic - parameters * (Math.log(3_000) - 2)) < 1e-6);
    }
    assert.ok(candidates.every(({ bic, icl }) => icl >= bic - 1e-6));
  });

test('a held-out score is that of the filter, row by row', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 59 }), (seed, fromRow) => {
      const rows = { ...sample(maker, 60, createRandom(seed)), lengths: [25, 35] };
      const densities = stateLogDensities(maker, rows);
      const { filtered } = infer(maker, rows);
      let total = 0;
      for (let row = fromRow; row < 60; row++) {
        const begins = row === 0 || row === 25;
        let density = 0;
        for (let now = 0; now < 3; now++) {
          const from = [0, 1, 2].map(
            (before) => filtered[(row - 1) * 3 + before]! * maker.transition[before * 3 + now]!,
          );
          const predicted = begins ? maker.start[now]! : from.reduce((sum, probability) => sum + probability);
          density += predicted * Math.exp(densities[row * 3 + now]!);
        }
        total += Math.log(density);
      }
      const scored = heldOutScore(maker, rows, fromRow) * (60 - fromRow);
      assert.ok(Math.abs(scored - total) < 1e-8, `${scored} is not ${total}`);
    }),
    { numRuns: 50 },
  );
});

test('the completed likelihood is that of the likeliest of all paths', () => {
  const rows = sample(maker, 6, createRandom(11));
  const densities = stateLogDensities(maker, rows);
  let best = -Infinity;
  for (let path = 0; path < 3 ** 6; path++) {
    const at = (step: number) => Math.floor(path / 3 ** step) % 3;
    let joint = Math.log(maker.start[at(0)]!);
    for (let step = 0; step < 6; step++) {
      joint += densities[step * 3 + at(step)]!;
      if (step > 0) joint += Math.log(maker.transition[at(step - 1) * 3 + at(step)]!);
    }
    best = Math.max(best, joint);
  }
  const icl = integratedCompletedLikelihood(maker, rows);
  assert.ok(Math.abs(icl - (parameterCount(maker) * Math.log(6) - 2 * best)) < 1e-9);
  assert.ok(best < score(maker, rows));
});

function choose(change: object): () => unknown {
  return () => chooseStates(observations, { ...options, criterion: 'bic', ...change });
}

test('what cannot be chosen from is refused by name', () => {
  assert.throws(choose({ candidates: [] }), { code: 'bad_option', message: /candidates/ });
  assert.throws(choose({ criterion: 'luck' }), {
    code: 'bad_option',
    message: /bic, icl, held_out, not luck/,
  });
  assert.throws(choose({ heldOutShare: 1 }), { code: 'bad_option', message: /heldOutShare/ });
  assert.throws(() => heldOutScore(maker, observations, 0), { code: 'bad_option', message: /fromRow/ });
});
