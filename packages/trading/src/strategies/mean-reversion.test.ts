import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, reasonOf, viewOf } from './bars.fixture.ts';
import { meanReversion } from './mean-reversion.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import type { Holding } from './strategy.ts';

const PARAMS = SHORT_PARAMS.mean_reversion;
/** Five closes with a mean of 100 and a sample deviation of 2, and a newest one. */
const closes = (newest: number) => [98, 102, 98, 102, 100, newest];
const SD = 2;

const decide = (newest: number, position?: Holding, params: Partial<typeof PARAMS> = {}) =>
  decideOn(meanReversion, { ...PARAMS, ...params }, [legOf(viewOf(closes(newest)), position)]);

test('it buys a close far below its mean, with stop and target at the venue', () => {
  const signal = decide(94); // z = -3
  assert.ok('wishes' in signal);
  assert.equal(signal.direction, 1);
  assert.equal(signal.reason, 'far_below_mean');
  assert.equal(signal.strength, 0.25); // a quarter of the way from 2 to 6
  assert.deepEqual(signal.wishes, [
    {
      kind: 'enter',
      leg: 0,
      side: 'buy',
      equityFraction: 0.2,
      style: { type: 'market' },
      protection: { stopPrice: 100 - 6 * SD, targetPrice: 100 - 0.5 * SD },
    },
  ]);
  assert.ok(signal.confidence > 0.5 && signal.confidence <= 1);
  assert.ok(signal.holdingBars >= 0 && signal.holdingBars <= 10);
});

test('it sells short a close far above its mean, only where it may', () => {
  const signal = decide(106);
  assert.ok('wishes' in signal);
  assert.equal(signal.direction, -1);
  assert.equal(signal.reason, 'far_above_mean');
  assert.deepEqual(signal.wishes, [
    {
      kind: 'enter',
      leg: 0,
      side: 'sell',
      equityFraction: 0.2,
      style: { type: 'market' },
      protection: { stopPrice: 100 + 6 * SD, targetPrice: 100 + 0.5 * SD },
    },
  ]);
  assert.equal(reasonOf(decide(106, undefined, { allow_short: 0 })), 'hold close_near_mean');
  assert.equal(reasonOf(decide(94, undefined, { allow_short: 0 })), 'far_below_mean');
});

test('it lets be what is near its mean, and what is beyond the stop already', () => {
  assert.equal(reasonOf(decide(96.1)), 'hold close_near_mean');
  assert.equal(reasonOf(decide(96)), 'far_below_mean'); // z = -2 exactly
  assert.equal(reasonOf(decide(88)), 'hold beyond_stop'); // z = -6
  assert.equal(reasonOf(decide(112)), 'hold beyond_stop');
});

test('it leaves when the close has come back, at its stop, and when its time is up, long and short alike', () => {
  const long = heldAt(95);
  const short = heldAt(105, { quantity: -1 });
  assert.equal(reasonOf(decide(98.9, long)), 'hold holding');
  assert.equal(reasonOf(decide(99, long)), 'reverted'); // half a deviation below
  assert.equal(reasonOf(decide(88, long)), 'stop');
  assert.equal(reasonOf(decide(101.1, short)), 'hold holding');
  assert.equal(reasonOf(decide(101, short)), 'reverted');
  assert.equal(reasonOf(decide(112, short)), 'stop');
  assert.equal(reasonOf(decide(95, heldAt(95, { barsHeld: 10 }))), 'time_limit');
});

test('where closes do not move there is no extreme to buy, and a position is left', () => {
  const flat = viewOf([100, 100, 100, 100, 100, 100]);
  assert.equal(reasonOf(decideOn(meanReversion, PARAMS, [legOf(flat)])), 'hold close_near_mean');
  assert.equal(reasonOf(decideOn(meanReversion, PARAMS, [legOf(flat, heldAt(100))])), 'reverted');
  const jump = viewOf([100, 100, 100, 100, 100, 99]);
  assert.equal(reasonOf(decideOn(meanReversion, PARAMS, [legOf(jump)])), 'hold beyond_stop');
});

test('exit, entry and stop have to be in order', () => {
  assert.equal(meanReversion.schema.safeParse({ ...PARAMS, exit_z: 2 }).success, false);
  assert.equal(meanReversion.schema.safeParse({ ...PARAMS, stop_z: 2 }).success, false);
});
