import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, reasonOf, viewOf } from './bars.fixture.ts';
import { trendFollowing } from './trend-following.ts';

const PARAMS = { fast_bars: 2, slow_bars: 4, atr_bars: 2, stop_atr: 2, trend_min: 0.1, risk_fraction: 0.5 };

const decide = (closes: number[], entryPrice?: number) =>
  decideOn(trendFollowing, PARAMS, [
    legOf(viewOf(closes), entryPrice === undefined ? undefined : heldAt(entryPrice)),
  ]);

test('trend following buys while the fast mean and the close lead', () => {
  const signal = decide([100, 101, 102, 103]);
  assert.ok('wishes' in signal);
  assert.deepEqual(signal.wishes, [
    {
      kind: 'enter',
      leg: 0,
      side: 'buy',
      equityFraction: 0.5,
      style: { type: 'market' },
      protection: { stopPrice: 103 - 2 * 2 },
    },
  ]);
  assert.equal(signal.direction, 1);
  assert.equal(signal.reason, 'fast_above_slow');
  assert.equal(signal.strength, 1 / 3); // the fast mean leads by 1, half a range of 2
  assert.ok(signal.confidence > 0.9 && signal.confidence <= 1); // nothing but rises
  assert.ok(signal.holdingBars > 3 && signal.holdingBars <= 4);
});

test('trend following stays out of a falling market, and of one that has just turned', () => {
  assert.equal(reasonOf(decide([103, 102, 101, 100])), 'hold fast_not_above_slow');
  assert.equal(reasonOf(decide([100, 100, 100, 100])), 'hold fast_not_above_slow');
  assert.equal(reasonOf(decide([100, 101, 106, 103])), 'hold close_not_above_fast');
});

test('trend following leaves at its stop and when the fast mean falls below the slow one', () => {
  assert.equal(reasonOf(decide([100, 101, 102, 103], 103)), 'hold holding');
  assert.equal(reasonOf(decide([100, 101, 102, 103], 106.9)), 'hold holding');
  assert.equal(reasonOf(decide([100, 101, 102, 103], 107)), 'stop');
  assert.equal(reasonOf(decide([103, 102, 101, 100], 100)), 'fast_below_slow');
  assert.deepEqual(decide([103, 102, 101, 100], 100), {
    direction: 0,
    strength: 1,
    confidence: 0.5,
    holdingBars: 0,
    reason: 'fast_below_slow',
    wishes: [{ kind: 'exit', leg: 0, style: { type: 'market' } }],
  });
});

test('trend following refuses a fast mean that is not faster', () => {
  assert.equal(trendFollowing.schema.safeParse({ ...PARAMS, fast_bars: 4 }).success, false);
});

test('a stop that would be below zero is not set', () => {
  const signal = decideOn(trendFollowing, { ...PARAMS, stop_atr: 20 }, [legOf(viewOf([10, 11, 12, 13]))]);
  assert.ok('wishes' in signal);
  assert.equal('protection' in signal.wishes[0]!, false);
});
