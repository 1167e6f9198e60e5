import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, viewOf } from './bars.fixture.ts';
import { smaCross, STRATEGIES } from './index.ts';

const PARAMS = { fast_bars: 1, slow_bars: 2, allow_short: 0 };

/** What is wished for, as sides and kinds, or the code of the hold. */
function wished(closes: number[], quantity: number, allowShort = 0): string {
  const position = quantity === 0 ? undefined : heldAt(100, { quantity });
  const decided = decideOn(smaCross, { ...PARAMS, allow_short: allowShort }, [
    legOf(viewOf(closes), position),
  ]);
  if ('hold' in decided) return decided.hold;
  return decided.wishes.map((wish) => ('side' in wish ? wish.side : wish.kind)).join(', ');
}
const UP = [3, 2, 4];
const DOWN = [2, 3, 1];
const STILL_UP = [2, 3, 4];
const STILL_DOWN = [4, 3, 2];

test('long only: it buys at the crossing above, and leaves below', () => {
  assert.equal(wished(UP, 0), 'buy');
  assert.equal(wished(STILL_UP, 0), 'no_crossing');
  assert.equal(wished(DOWN, 0), 'no_crossing');
  assert.equal(wished(UP, 1), 'holding');
  assert.equal(wished(STILL_UP, 1), 'holding');
  assert.equal(wished(DOWN, 1), 'exit');
  assert.equal(wished(STILL_DOWN, 1), 'exit'); // an entry that filled late
});

test('with shorts it turns at one close', () => {
  assert.equal(wished(DOWN, 0, 1), 'sell');
  assert.equal(wished(STILL_DOWN, 0, 1), 'no_crossing');
  assert.equal(wished(DOWN, 1, 1), 'exit, sell');
  assert.equal(wished(UP, -1, 1), 'exit, buy');
  assert.equal(wished(STILL_DOWN, -1, 1), 'holding');
});

test('the yardstick is not offered for trading', () => {
  assert.equal(STRATEGIES.has(smaCross.name), false);
});
