import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PromotionPolicy } from '@aistock/promotion';
import { decideTrial, type TrialFacts } from './decide-trial.ts';
import { shadowDays } from './shadow-days.ts';

const RUNNING: TrialFacts = {
  modelId: 'new',
  championId: 'old',
  status: 'running',
  championNow: 'old',
  challengerNow: 'new',
  expired: false,
  live: false,
  approved: false,
  verdict: { outcome: 'undecided', reason: 'too few bars' },
};
const better = { outcome: 'better', reason: 'better' } as const;
const notBetter = { outcome: 'not_better', reason: 'not better' } as const;

const CASES: readonly (readonly [string, Partial<TrialFacts>, string])[] = [
  ['is not decided yet', {}, 'go_on'],
  ['is better, on paper', { verdict: better }, 'promote'],
  ['is not better', { verdict: notBetter }, 'withdraw'],
  ['is better where money is traded', { verdict: better, live: true }, 'prove'],
  [
    'is better where money is traded, and signed ahead',
    { verdict: better, live: true, approved: true },
    'promote',
  ],
  ['is signed, but not better yet', { live: true, approved: true }, 'go_on'],
  ['is signed, but not better', { live: true, approved: true, verdict: notBetter }, 'withdraw'],
  ['waits for a person', { status: 'proved', live: true }, 'go_on'],
  ['waited, and is signed', { status: 'proved', live: true, approved: true }, 'promote'],
  ['waited where no money is traded any more', { status: 'proved' }, 'promote'],
  ['waited, and later bars say otherwise', { status: 'proved', live: true, verdict: notBetter }, 'go_on'],
  ['has expired', { expired: true, verdict: better }, 'withdraw'],
  ['waited until it expired', { status: 'proved', live: true, expired: true }, 'withdraw'],
  ['has a champion that was changed', { championNow: 'third', verdict: better }, 'withdraw'],
  ['has a champion that was demoted', { championNow: null, verdict: better }, 'withdraw'],
  ['is no longer the challenger', { challengerNow: null, verdict: better }, 'withdraw'],
  ['was promoted by hand', { championNow: 'new' }, 'end_promoted'],
];

for (const [name, facts, type] of CASES)
  test(`a challenger that ${name}: ${type}`, () => {
    const step = decideTrial({ ...RUNNING, ...facts });
    assert.equal(step.type, type);
    assert.ok(step.reason.length > 0);
  });

const NO_POLICY = PromotionPolicy.parse({}).shadow;
const OWN_POLICY = PromotionPolicy.parse({ shadow: { days: 9, paper_days: 2 } }).shadow;

for (const [name, where, policy, days] of [
  ['on paper', { comparable: true, live: false }, NO_POLICY, 0],
  ['where money is traded', { comparable: true, live: true }, NO_POLICY, 5],
  ['on paper, by its own policy', { comparable: true, live: false }, OWN_POLICY, 2],
  ['where money is traded, by its own policy', { comparable: true, live: true }, OWN_POLICY, 9],
  ['where nobody answers that it could be compared with', { comparable: false, live: true }, OWN_POLICY, 0],
] as const)
  test(`a model that passed every gate is tried for ${days} days ${name}`, () => {
    assert.equal(shadowDays(where, policy, { liveDays: 5, paperDays: 0 }), days);
  });
