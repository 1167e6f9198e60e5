import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, reasonOf, viewOf } from './bars.fixture.ts';
import { momentumBreakout } from './momentum-breakout.ts';
import type { Holding } from './strategy.ts';

const PARAMS = {
  lookback_bars: 3,
  breakout_atr: 0.5,
  atr_bars: 2,
  stop_atr: 2,
  hold_bars_max: 10,
  risk_fraction: 0.25,
  trend_min: 0.1,
};

const decide = (close: number, position?: Holding) =>
  decideOn(momentumBreakout, PARAMS, [legOf(viewOf([100, 100, 100, close]), position)]);

test('momentum breakout buys a close above the channel by its margin', () => {
  const signal = decide(103); // ranges of 2 and 4: the trigger is 101 + 0.5 × 3
  assert.ok('wishes' in signal);
  assert.deepEqual(signal.wishes, [
    {
      kind: 'enter',
      leg: 0,
      side: 'buy',
      equityFraction: 0.25,
      style: { type: 'market' },
      protection: { stopPrice: 103 - 2 * 3 },
    },
  ]);
  assert.equal(signal.direction, 1);
  assert.equal(signal.reason, 'breakout');
  assert.equal(signal.strength, 1 / 7); // 0.5 beyond the trigger, a sixth of the range
  assert.ok(signal.confidence > 0.5 && signal.confidence < 1);
  assert.ok(signal.holdingBars > 5 && signal.holdingBars < 10);
});

test('momentum breakout lets a smaller break be', () => {
  assert.equal(reasonOf(decide(101)), 'hold no_breakout'); // at the top of the channel
  assert.equal(reasonOf(decide(102)), 'hold no_breakout'); // above it, but not by half a range
});

test('momentum breakout leaves at its stop and when its time is up', () => {
  assert.equal(reasonOf(decide(100, heldAt(104))), 'stop');
  assert.equal(reasonOf(decide(100, heldAt(103.9))), 'hold holding');
  assert.equal(reasonOf(decide(100, heldAt(100, { barsHeld: 9 }))), 'hold holding');
  assert.equal(reasonOf(decide(100, heldAt(100, { barsHeld: 10 }))), 'time_limit');
});
