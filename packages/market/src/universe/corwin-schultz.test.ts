import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PriceBar } from '../bar.ts';
import { corwinSchultzSpread } from './corwin-schultz.ts';

const day = (high: number, low: number, close: number): PriceBar => ({
  openMs: 0,
  open: close,
  high,
  low,
  close,
  volume: 1,
});
const near = (actual: number, expected: number, within = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) <= within, `${actual} is not ${expected}`);

test('a price that stands still between bid and ask: the range is the spread', () => {
  // alpha is ln(101 / 99), so that the spread is 2 (101/99 - 1) / (101/99 + 1) = 4 / 200.
  near(corwinSchultzSpread(day(101, 99, 100), day(101, 99, 100)), 0.02);
});

test('a known pair of days', () => {
  // beta 0.0030967, gamma 0.0047660: alpha is 0.1343468 - 0.1666681 = -0.0323213, and the spread below zero.
  assert.equal(corwinSchultzSpread(day(104, 100, 103), day(107.8275, 103.68, 107)), 0);
  // beta 2 ln(1.05)² = 0.0047610, gamma ln(1.06)² = 0.0033953: alpha is 0.1665800 - 0.1406736 = 0.0259065.
  near(corwinSchultzSpread(day(105, 100, 102), day(106, 100.952380952381, 104)), 0.025905, 1e-6);
});

test('what jumps over night is not taken for a range', () => {
  near(
    corwinSchultzSpread(day(101, 99, 100), day(111, 109, 110)),
    corwinSchultzSpread(day(101, 99, 100), day(102, 100, 101)),
  );
  near(
    corwinSchultzSpread(day(101, 99, 100), day(91, 89, 90)),
    corwinSchultzSpread(day(101, 99, 100), day(100, 98, 99)),
  );
});

test('a trend without a spread tells none, and a price of zero cannot be told', () => {
  assert.equal(corwinSchultzSpread(day(102, 100, 102), day(104, 102, 104)), 0);
  assert.ok(Number.isNaN(corwinSchultzSpread(day(1, 0, 1), day(1, 0.5, 1))));
});

/** Numbers in [0, 1) that look like chance and are the same each time: Park and Miller, 1988. */
function* unit(): Generator<number, never> {
  for (let state = 20_240_102; ; state = (state * 48_271) % 2_147_483_647) yield state / 2_147_483_647;
}

test('of a walk with a spread of 1 % it tells about that', () => {
  const chance = unit();
  let price = 100;
  const days = Array.from({ length: 400 }, () => {
    const trades = Array.from({ length: 200 }, () => {
      price *= Math.exp((chance.next().value - 0.5) * 0.004);
      return price * (chance.next().value < 0.5 ? 0.995 : 1.005);
    });
    return day(Math.max(...trades), Math.min(...trades), trades.at(-1)!);
  });
  const spreads = days.slice(1).map((second, index) => corwinSchultzSpread(days[index]!, second));
  const mean = spreads.reduce((sum, spread) => sum + spread, 0) / spreads.length;
  assert.ok(mean > 0.006 && mean < 0.014, String(mean));
});
