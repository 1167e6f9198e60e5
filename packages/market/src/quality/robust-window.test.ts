import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EMPTY_WINDOW, RobustWindow } from './robust-window.ts';

const filled = (size: number, values: readonly number[]): RobustWindow => {
  const window = new RobustWindow(size);
  for (const value of values) window.push(value);
  return window;
};

test('the score is that of the textbook: 1, 2, 3, 4, 5 have the median 3 and the MAD 1', () => {
  const window = filled(
    20,
    [...Array(4)].flatMap(() => [1, 2, 3, 4, 5]),
  );
  // The mean absolute deviation is 1.2, and 1.2533 times that is larger than 1.4826.
  assert.ok(Math.abs(window.scoreOf(9)! - 6 / (1.2 * Math.sqrt(Math.PI / 2))) < 1e-12);
  const heavy = filled(
    20,
    [...Array(4)].flatMap(() => [0, 0, 1, 2, 2]),
  );
  assert.ok(Math.abs(heavy.scoreOf(5)! - 4 / 1.4826) < 1e-12);
});

test('where most values are equal the few others still set the scale', () => {
  const window = filled(20, [...Array<number>(18).fill(0), 1, -1]);
  assert.ok(Math.abs(window.scoreOf(5)! - 5 / (0.1 * Math.sqrt(Math.PI / 2))) < 1e-12);
});

test('nothing is scored against too few values, nor against equal ones', () => {
  assert.equal(filled(20, [1, 2, 3, 4]).scoreOf(100), undefined);
  assert.equal(filled(20, Array<number>(20).fill(7)).scoreOf(100), undefined);
  assert.ok(filled(20, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).scoreOf(100)! > 10);
});

test('one wild value does not hide the next one', () => {
  const calm = Array.from({ length: 40 }, (_, index) => Math.sin(index));
  const before = filled(40, calm).scoreOf(1_000)!;
  const after = filled(40, [...calm, 1_000_000, ...calm.slice(0, 9)]).scoreOf(1_000_000)!;
  assert.ok(before > 100 && after > 30, `${before} ${after}`);
});

test('a window that is stored and taken up again goes on as if it had never stopped', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 200 });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 20, max: 60 }), (first, second, size) => {
      const whole = filled(size, [...first, ...second]);
      const stored: unknown = JSON.parse(JSON.stringify(filled(size, first).state));
      const resumed = new RobustWindow(size, stored as typeof EMPTY_WINDOW);
      for (const value of second) resumed.push(value);
      assert.deepEqual(JSON.stringify(resumed.state), JSON.stringify(whole.state));
      assert.equal(resumed.scoreOf(3), whole.scoreOf(3));
    }),
  );
});

test('a larger or smaller window takes over what fits', () => {
  const before = filled(
    40,
    Array.from({ length: 100 }, (_, index) => index),
  ).state;
  assert.equal(new RobustWindow(20, before).state.values.length, 20);
  assert.equal(new RobustWindow(60, before).state.values.at(-1), 99);
});
