// Beliefs and propensities against an independent implementation: MABWiser's LinUCB test data, adaptive quadrature.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { believe, emptyPosterior, learn, type Belief } from './posterior.ts';
import { thompsonPropensities } from './propensities.ts';

const Rows = z.array(z.array(z.number()));
const Fixture = z.object({
  cases: z.array(
    z.object({
      x: z.array(z.number()),
      mean: z.array(z.number()),
      sd: z.array(z.number()),
      propensity: z.array(z.number()),
    }),
  ),
  linucb_alpha1: Rows,
  linucb_alpha0_case: z.object({
    decisions: z.array(z.number()),
    rewards: z.array(z.number()),
    expected: Rows,
  }),
  context_history: Rows,
  decisions: z.array(z.number()),
  rewards: z.array(z.number()),
  contexts: Rows,
});
type Fixture = z.infer<typeof Fixture>;

const ARMS = [1, 2, 3];
const folder = process.env['MARKET_DATA_DIR'];
const skip = folder === undefined ? 'MARKET_DATA_DIR is not set' : false;

function load(): Fixture {
  const file = join(folder ?? '', 'fixtures/known-answers/ml/bandit_linear.json');
  return Fixture.parse(JSON.parse(readFileSync(file, 'utf8')));
}

function beliefs(
  history: Fixture,
  decisions: number[],
  rewards: number[],
  ask: { x: number[]; noiseSd: number },
): Belief[] {
  return ARMS.map((arm) => {
    let posterior = emptyPosterior(ask.x.length);
    for (const [i, decision] of decisions.entries())
      if (decision === arm) posterior = learn(posterior, history.context_history[i]!, rewards[i]!);
    return believe(posterior, ask.x, ask.noiseSd) ?? assert.fail('no belief');
  });
}

function allClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries())
    assert.ok(Math.abs(value - expected[i]!) < tolerance, `${actual.join()} is not ${expected.join()}`);
}

test('linear Thompson sampling: means, spreads and exact propensities', { skip }, () => {
  const known = load();
  for (const { x, mean, sd, propensity } of known.cases) {
    const own = beliefs(known, known.decisions, known.rewards, { x, noiseSd: 0.5 });
    allClose(
      own.map((each) => each.mean),
      mean,
      1e-12,
    );
    allClose(
      own.map((each) => each.sd),
      sd,
      1e-12,
    );
    allClose(thompsonPropensities(own), propensity, 1e-8);
  }
});

test('upper confidence bounds at 0 and 1 standard deviations are those of LinUCB', { skip }, () => {
  const known = load();
  const greedy = known.linucb_alpha0_case;
  for (const [i, x] of known.contexts.entries()) {
    const means = beliefs(known, greedy.decisions, greedy.rewards, { x, noiseSd: 1 }).map(({ mean }) => mean);
    allClose(means, greedy.expected[i]!, 1e-12);
    const bounds = beliefs(known, known.decisions, known.rewards, { x, noiseSd: 1 }).map(
      ({ mean, sd }) => mean + sd,
    );
    allClose(bounds, known.linucb_alpha1[i]!, 1e-12);
  }
});
