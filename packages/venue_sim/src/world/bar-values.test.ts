import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareDecimal, normaliseDecimal, type Bar } from '@aistock/market';
import fc from 'fast-check';
import { formingBar, restatedBar } from './bar-values.ts';

const price = fc
  .tuple(fc.integer({ min: 1, max: 1_000_000_000 }), fc.nat(12))
  .map(([units, decimals]) => normaliseDecimal(`${units}e-${decimals}`));
const bar: fc.Arbitrary<Bar> = fc
  .tuple(price, price, price, price, price, fc.boolean())
  .map(([first, second, third, fourth, traded, quiet]) => {
    const [low, open, close, high] = [first, second, third, fourth].toSorted(compareDecimal) as [
      string,
      string,
      string,
      string,
    ];
    return { openMs: 0, open, high, low, close, volume: quiet ? '0' : traded };
  });

function assertSound({ open, high, low, close, volume }: Bar): void {
  for (const text of [open, high, low, close, volume]) assert.equal(text, normaliseDecimal(text));
  for (const inside of [open, close]) {
    assert.ok(compareDecimal(low, inside) <= 0 && compareDecimal(inside, high) <= 0);
  }
}

test('a forming bar is sound and inside of what the bar becomes', () => {
  fc.assert(
    fc.property(bar, fc.double({ min: 0, max: 0.999, noNaN: true }), (whole, share) => {
      const forming = formingBar(whole, share);
      assertSound(forming);
      assert.equal(forming.open, whole.open);
      assert.ok(compareDecimal(forming.high, whole.high) <= 0 && compareDecimal(forming.low, whole.low) >= 0);
      assert.ok(compareDecimal(forming.volume, whole.volume) <= 0);
    }),
  );
});

test('at its open a bar is one price without volume', () => {
  const whole = { openMs: 0, open: '2', high: '4', low: '1', close: '3', volume: '8.5' };
  assert.deepEqual(formingBar(whole, 0), { ...whole, high: '2', low: '2', close: '2', volume: '0' });
  assert.deepEqual(formingBar(whole, 0.3), { ...whole, low: '2', close: '4', volume: '2.55' });
});

test('a restated bar is sound, in the same range, and always another', () => {
  fc.assert(
    fc.property(bar, (whole) => {
      const restated = restatedBar(whole);
      assertSound(restated);
      assert.deepEqual([restated.open, restated.high, restated.low], [whole.open, whole.high, whole.low]);
      assert.ok(compareDecimal(restated.volume, whole.volume) > 0);
    }),
  );
});
