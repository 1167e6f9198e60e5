import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STRATEGIES } from './index.ts';
import { SHORT_PARAMS } from './params.fixture.ts';

const NAMES = Object.keys(SHORT_PARAMS) as (keyof typeof SHORT_PARAMS)[];

/** How far a regime of this trend and risk speaks for a direction. */
function fit(
  name: keyof typeof SHORT_PARAMS,
  { trend = 0, risk = 0 }: { trend?: number; risk?: number },
  direction: -1 | 0 | 1 = 1,
): number {
  const regime = { modelId: 'm', hmmTrend: trend, hmmRisk: risk };
  return STRATEGIES.get(name)!.modelFit(regime, SHORT_PARAMS[name], direction) ?? NaN;
}

test('a trend is followed where it is at least what the parameters ask, in the direction of the signal', () => {
  for (const name of ['trend_following', 'momentum_breakout'] as const) {
    assert.equal(fit(name, { trend: 1 }), 1);
    assert.equal(fit(name, { trend: 0.1 }), 0.5); // at trend_min
    assert.ok(fit(name, { trend: 0.09 }) < 0);
    assert.equal(fit(name, { trend: -1 }), -1);
    assert.equal(fit(name, { trend: -1 }, -1), 1);
    assert.equal(fit(name, { trend: -1 }, 0), 0);
  }
});

test('mean reversion wants no trend, of either sign', () => {
  assert.equal(fit('mean_reversion', { trend: 0 }), 1);
  for (const sign of [-1, 1] as const) {
    assert.equal(fit('mean_reversion', { trend: 0.5 * sign }), 0.5); // at trend_abs_max
    assert.ok(fit('mean_reversion', { trend: 0.51 * sign }) < 0);
    assert.equal(fit('mean_reversion', { trend: sign }, -1), -1);
  }
  assert.equal(fit('mean_reversion', { trend: 0 }, 0), 0);
});

test('pairs and quotes want no wild regime', () => {
  assert.equal(fit('pairs_trading', { risk: 0 }), 1);
  assert.equal(fit('pairs_trading', { risk: 0.5 }), 0.5);
  assert.equal(fit('pairs_trading', { risk: 1 }, -1), -1);
  assert.equal(fit('pairs_trading', { risk: 1 }, 0), 0);
  assert.equal(fit('market_making', { risk: 0 }, 0), 1);
  assert.equal(fit('market_making', { risk: 0.4 }, 0), 0.5);
  assert.ok(fit('market_making', { risk: 0.41 }, 0) < 0);
  assert.equal(fit('market_making', { risk: 1 }, 0), -1);
});

test('no regime has a say about a parent order', () => {
  assert.equal(fit('vwap_participation', { trend: -1, risk: 1 }), NaN);
});

test('a fit is from -1 to 1, also where a threshold is at the end of its range', () => {
  const ends = fc.constantFrom(-1, 0, 0.3, 1);
  fc.assert(
    fc.property(
      ends,
      fc.constantFrom(0, 0.3, 1),
      fc.constantFrom(-1 as const, 0 as const, 1 as const),
      ends,
      (trend, risk, direction, limit) => {
        for (const name of NAMES) {
          const params = {
            ...SHORT_PARAMS[name],
            trend_min: limit,
            trend_abs_max: Math.abs(limit),
            risk_max: Math.abs(limit),
          };
          const value = STRATEGIES.get(name)!.modelFit(
            { modelId: 'm', hmmTrend: trend, hmmRisk: risk },
            params,
            direction,
          );
          if (value === null) assert.equal(name, 'vwap_participation');
          else assert.ok(value >= -1 && value <= 1, `${name} ${value}`);
        }
      },
    ),
  );
});
