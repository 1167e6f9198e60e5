import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decidePromotion, type ChallengerResult, type PromotionTerms } from './decide-promotion.ts';

const good: ChallengerResult = {
  bars: 1_000,
  converged: true,
  logLikelihood: 3_000,
  bic: -5_900,
  occupancyShareMin: 0.2,
  holdout: 3.1,
  baselineHoldout: 3,
  championHoldout: 3.05,
};
const terms: PromotionTerms = { barsMin: 250, margin: 0.001, championExpired: false };

const failed = (result: ChallengerResult, others: PromotionTerms = terms) =>
  decidePromotion(result, others)
    .gates.filter((gate) => !gate.pass)
    .map((gate) => gate.name);

test('a challenger that is better in everything is promoted', () => {
  assert.equal(decidePromotion(good, terms).promote, true);
  assert.equal(decidePromotion({ ...good, championHoldout: undefined }, terms).promote, true);
});

test('each gate alone keeps the champion', () => {
  const flaws: [Partial<ChallengerResult>, string][] = [
    [{ bars: 249 }, 'enough_bars'],
    [{ logLikelihood: Number.NaN }, 'finite'],
    [{ bic: Infinity }, 'finite'],
    [{ converged: false }, 'converged'],
    [{ occupancyShareMin: 0.009 }, 'states_occupied'],
    [{ baselineHoldout: 3.0995 }, 'better_than_one_state'],
    [{ championHoldout: 3.0995 }, 'better_than_champion'],
    [{ championHoldout: Number.NaN }, 'better_than_champion'],
  ];
  for (const [flaw, gate] of flaws) {
    assert.deepEqual(failed({ ...good, ...flaw }), [gate]);
    assert.equal(decidePromotion({ ...good, ...flaw }, terms).promote, false);
  }
});

test('a hold-out that is not finite passes no comparison', () => {
  assert.deepEqual(failed({ ...good, holdout: Number.NaN }), [
    'finite',
    'better_than_one_state',
    'better_than_champion',
  ]);
});

test('an expired champion is replaced by what is no worse, not by what is worse', () => {
  const expired = { ...terms, championExpired: true };
  assert.deepEqual(failed({ ...good, championHoldout: 3.1005 }, expired), []);
  assert.deepEqual(failed({ ...good, championHoldout: 3.102 }, expired), ['no_worse_than_expired_champion']);
});

test('a gate tells its number and its limit', () => {
  const { gates } = decidePromotion(good, terms);
  assert.deepEqual(gates[0], {
    name: 'enough_bars',
    pass: true,
    value: 1_000,
    limit: 250,
    detail: 'bars that the model was fitted on',
  });
});
