import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from '@aistock/hmm-ts';
import { PromotionPolicy } from '../policy.ts';
import { anytimeBounds } from '../statistics/anytime-bounds.ts';
import { judgeShadow, type BarScore } from './judge-shadow.ts';
import { pairedMean } from '../statistics/paired-mean.ts';

const policy = PromotionPolicy.parse({});
const { bars_min: BARS_MIN, level: LEVEL } = policy.shadow;
const PAIRS = 100;
const LOOKED_AT_BARS = 600;

type Draw = () => number;

function normalOf(seed: number): Draw {
  const random = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** Differences of two models that are equally good, bar after bar. */
const EQUAL: Readonly<Record<string, (normal: Draw) => Draw>> = {
  independent: (normal) => normal,
  'with fat tails': (normal) => () =>
    normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2) / 3),
  'over ten bars that they share': (normal) => {
    const last = Array.from({ length: 10 }, normal);
    return () => {
      last.shift();
      last.push(normal());
      return last.reduce((sum, each) => sum + each, 0);
    };
  },
  'that follow each other': (normal) => {
    let last = normal();
    return () => (last = 0.8 * last + normal());
  },
};

/** Share of pairs of models of which one is ever called better, looked at bar after bar. */
function everBetter(isBetter: (differences: Float64Array) => boolean, equal: (normal: Draw) => Draw): number {
  let called = 0;
  for (let pair = 0; pair < PAIRS; pair++) {
    const draw = equal(normalOf(pair + 1));
    const differences = Float64Array.from({ length: LOOKED_AT_BARS }, draw);
    for (let bars = BARS_MIN; bars <= LOOKED_AT_BARS; bars++) {
      if (!isBetter(differences.subarray(0, bars))) continue;
      called++;
      break;
    }
  }
  return called / PAIRS;
}

const anytimeBetter = (differences: Float64Array) =>
  anytimeBounds(pairedMean(differences)!, { level: LEVEL, tightRows: BARS_MIN }).lower > 0;

for (const [name, equal] of Object.entries(EQUAL))
  test(`of equal models, ${name}, looked at at every bar, fewer are promoted than the level says`, (context) => {
    const share = everBetter(anytimeBetter, equal);
    context.diagnostic(`${share} at a level of ${LEVEL}`);
    assert.ok(share <= LEVEL, `${share}`);
  });

test('a bound for a single look would promote more equal models than its level says', () => {
  const share = everBetter((differences) => {
    const { mean, standardError } = pairedMean(differences)!;
    return mean > 1.96 * standardError;
  }, EQUAL['independent']!);
  assert.ok(share > LEVEL, `${share}`);
});

const scores = (bars: number, better: number, flipEvery = 50): BarScore[] => {
  const normal = normalOf(9);
  return Array.from({ length: bars }, (_, bar) => ({
    logLikelihood: better + 0.2 * normal(),
    state: Math.floor(bar / flipEvery) % 2,
  }));
};
const champion = (bars: number): BarScore[] =>
  scores(bars, 0).map((score) => ({ ...score, logLikelihood: 0 }));

const CASES = [
  ['better after the days', { bars: 400, better: 0.1, daysRun: 5 }, 'better', []],
  ['better, too early', { bars: 400, better: 0.1, daysRun: 4.99 }, 'undecided', ['shadow_days']],
  [
    'better, on too few bars',
    { bars: 249, better: 0.1, daysRun: 9 },
    'undecided',
    ['shadow_bars', 'better_on_live_bars'],
  ],
  ['equal', { bars: 400, better: 0, daysRun: 19 }, 'undecided', ['better_on_live_bars']],
  ['equal until the end', { bars: 400, better: 0, daysRun: 20 }, 'not_better', ['better_on_live_bars']],
  ['worse', { bars: 400, better: -0.1, daysRun: 3 }, 'not_better', ['shadow_days', 'better_on_live_bars']],
  ['restless', { bars: 400, better: 0.1, daysRun: 9, flipEvery: 1 }, 'undecided', ['live_flips']],
  [
    'no bars at all until the end',
    { bars: 0, better: 0, daysRun: 20 },
    'not_better',
    ['shadow_bars', 'better_on_live_bars', 'live_flips'],
  ],
] as const;

for (const [name, terms, outcome, missing] of CASES)
  test(`a challenger that is ${name}: ${outcome}`, () => {
    const { bars, better, daysRun } = terms;
    const challenger = scores(bars, better, 'flipEvery' in terms ? terms.flipEvery : 50);
    const verdict = judgeShadow({ challenger, champion: champion(bars), days: 5, daysRun }, policy);
    assert.equal(verdict.outcome, outcome, verdict.reason);
    assert.deepEqual(
      verdict.gates.filter(({ pass }) => !pass).map((gate) => gate.name),
      missing,
    );
    assert.equal(verdict.bars, bars);
  });

test('models that say the same of every bar are never told apart', () => {
  const same = scores(400, 0);
  const { outcome, difference } = judgeShadow(
    { challenger: same, champion: same, days: 0, daysRun: 19 },
    policy,
  );
  assert.deepEqual([outcome, difference], ['undecided', { mean: 0, lower: 0, upper: 0 }]);
});

test('bounds are those of the formula, and narrow as bars come', () => {
  const terms = { level: 0.025, tightRows: 250 };
  const at = (rows: number) => anytimeBounds({ mean: 1, standardError: 1 / Math.sqrt(rows), rows }, terms);
  // By hand: ρ² = (ln(1 - 2 ln 0.025) - 2 ln 0.025) / 250 = 0.038013.
  assert.ok(Math.abs(at(250).lower - (1 - 3.0422 / Math.sqrt(250))) < 1e-3, `${at(250).lower}`);
  assert.ok(at(1_000).upper - at(1_000).lower < at(250).upper - at(250).lower);
});
