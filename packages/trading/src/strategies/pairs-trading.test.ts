import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from '../bars/index.ts';
import { decideOn, heldAt, legOf, reasonOf, viewOf, wholeView } from './bars.fixture.ts';
import { pairCloses } from './measures/paired-closes.ts';
import { isCointegrated, regressedSpread } from './measures/spread.ts';
import { pairsTrading } from './pairs-trading.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import { randomNumbers } from './random.fixture.ts';
import type { Holding } from './strategy.ts';

const DISTANCE = { ...SHORT_PARAMS.pairs_trading, method: 0 };
const REGRESSION = { ...SHORT_PARAMS.pairs_trading, method: 1 };

/** Twenty bars of 100, 102, 100, ... beside a steady 100: a spread of mean 0.01 and sample deviation 0.01 × √(20/19). */
const formation = Array.from({ length: 20 }, (_, index) => 100 + 2 * (index % 2));
const still = Array.from({ length: 21 }, () => 100);
const zOf = (newest: number) => (newest / 100 - 1.01) / (0.01 * Math.sqrt(20 / 19));

const decide = (newest: number, first?: Holding, second?: Holding) =>
  decideOn(pairsTrading, DISTANCE, [
    legOf(viewOf([...formation, newest]), first),
    legOf(viewOf(still), second),
  ]);

test('it sells the dear leg and buys the cheap one, in equal values by distance', () => {
  const signal = decide(103);
  assert.ok('wishes' in signal);
  assert.equal(signal.direction, -1);
  assert.equal(signal.reason, 'spread_above_mean');
  assert.ok(Math.abs(signal.strength - (zOf(103) - 1.5) / (5 - 1.5)) < 1e-9);
  const market = { type: 'market' };
  assert.deepEqual(signal.wishes, [
    { kind: 'enter', leg: 0, side: 'sell', equityFraction: 0.2, style: market },
    { kind: 'enter', leg: 1, side: 'buy', equityFraction: 0.2, style: market },
  ]);
  const other = decide(99);
  assert.ok('wishes' in other);
  assert.equal(other.direction, 1);
  assert.deepEqual(
    other.wishes.map((wish) => 'side' in wish && wish.side),
    ['buy', 'sell'],
  );
  assert.ok(other.confidence > 0.5);
});

test('it lets be a spread near its mean, and one that is beyond the stop already', () => {
  assert.ok(Math.abs(zOf(102.5)) < 1.5);
  assert.equal(reasonOf(decide(102.5)), 'hold spread_near_mean');
  assert.ok(zOf(107) > 5);
  assert.equal(reasonOf(decide(107)), 'hold beyond_stop');
});

test('both legs are left together', () => {
  const short = [heldAt(103, { quantity: -2 }), heldAt(100, { quantity: 2 })] as const;
  assert.equal(reasonOf(decide(102, ...short)), 'hold holding');
  const signal = decide(101.5, ...short); // z = 0.49
  assert.equal(reasonOf(signal), 'reverted');
  assert.ok('wishes' in signal);
  assert.deepEqual(
    signal.wishes.map(({ kind, leg }) => `${kind} ${leg}`),
    ['exit 0', 'exit 1'],
  );
  assert.equal(reasonOf(decide(107, ...short)), 'stop');
  const long = [heldAt(99), heldAt(100, { quantity: -1 })] as const;
  assert.equal(reasonOf(decide(100, ...long)), 'hold holding');
  assert.equal(reasonOf(decide(100.6, ...long)), 'reverted');
  assert.equal(reasonOf(decide(95, ...long)), 'stop');
  assert.equal(reasonOf(decide(102, heldAt(103, { quantity: -2, barsHeld: 20 }), short[1])), 'time_limit');
});

test('a leg that has filled waits for the other, which the core sees to', () => {
  assert.equal(reasonOf(decide(107, heldAt(103, { quantity: -2 }))), 'hold leg_awaited');
  assert.equal(reasonOf(decide(107, undefined, heldAt(100))), 'hold leg_awaited');
});

/** A wandering second price, and a first that is 0.8 times its logarithm and noise. */
function cointegrated(length: number, newest: number) {
  const random = randomNumbers(3);
  let level = Math.log(100);
  const second = Array.from({ length }, () => Math.exp((level += 0.04 * (random() - 0.5))));
  const first = second.map((price, index) =>
    Math.exp(1 + 0.8 * Math.log(price) + (index === length - 1 ? newest : 0.01 * (random() - 0.5))),
  );
  return { first, second };
}

const over = (of: (index: number) => number) =>
  Array.from({ length: 40 }, (_, index) => of(index)).reduce((sum, value) => sum + value, 0);

test('the spread by regression is that of the normal equations, without the newest pair', () => {
  const { first, second } = cointegrated(41, 0.01);
  const pairs = pairCloses(viewOf(first), viewOf(second), 41)!;
  assert.deepEqual([...pairs.first], first);
  const ys = first.map(Math.log);
  const xs = second.map(Math.log);
  const [sx, sy] = [over((i) => xs[i]!), over((i) => ys[i]!)];
  const [sxx, sxy] = [over((i) => xs[i]! ** 2), over((i) => xs[i]! * ys[i]!)];
  const slope = (40 * sxy - sx * sy) / (40 * sxx - sx * sx);
  const intercept = (sy - slope * sx) / 40;
  const residual = (index: number) => ys[index]! - intercept - slope * xs[index]!;
  const deviation = Math.sqrt(over((i) => residual(i) ** 2) / 39);
  const spread = regressedSpread(pairs);
  assert.ok(Math.abs(spread.hedgeRatio - slope) < 1e-8);
  assert.ok(Math.abs(spread.z - residual(40) / deviation) < 1e-6);
  assert.equal(isCointegrated(spread), true);
});

const decideByRegression = (
  { first, second }: { first: number[]; second: number[] },
  params: Partial<typeof REGRESSION> = {},
) =>
  decideOn(pairsTrading, { ...REGRESSION, formation_bars: first.length - 1, ...params }, [
    legOf(viewOf(first)),
    legOf(viewOf(second)),
  ]);

test('by regression the legs are as the hedge ratio says', () => {
  const signal = decideByRegression(cointegrated(61, 0.01));
  assert.ok('wishes' in signal);
  const fractions = signal.wishes.map((wish) => (wish.kind === 'enter' ? wish.equityFraction : 0));
  assert.equal(fractions[0], 0.2);
  assert.ok(Math.abs(fractions[1]! - 0.2 * 0.8) < 0.01, `${fractions[1]}`);
  const { first, second } = cointegrated(61, 0.01);
  const turned = decideByRegression({ first: second, second: first });
  assert.ok('wishes' in turned); // more than 1 of the second for 1 of the first: the second is the larger
  const turnedFractions = turned.wishes.map((wish) => (wish.kind === 'enter' ? wish.equityFraction : 0));
  assert.ok(turnedFractions[0]! < 0.19 && turnedFractions[0]! > 0.15, `${turnedFractions[0]}`);
  assert.ok(Math.abs(turnedFractions[1]! - 0.2) < 1e-12, `${turnedFractions[1]}`);
});

test('it stays out of two that do not belong together', () => {
  const opposite = cointegrated(61, 0.01);
  opposite.first = opposite.first.map((price) => 1e4 / price);
  assert.equal(reasonOf(decideByRegression(opposite)), 'hold hedge_ratio_not_positive');

  const random = randomNumbers(5);
  const walk = () => {
    let level = Math.log(100);
    return Array.from({ length: 61 }, () => Math.exp((level += 0.02 * (random() - 0.4))));
  };
  const apart = { first: walk(), second: walk() };
  apart.first[60]! *= 1.05;
  const loose = { entry_z: 0.1, exit_z: 0, stop_z: 49, half_life_bars_max: 2_000 };
  assert.equal(reasonOf(decideByRegression(apart, loose)), 'hold not_cointegrated');
  assert.equal(
    reasonOf(decideByRegression(apart, { ...loose, half_life_bars_max: 0.1 })),
    'hold half_life_too_long',
  );
});

test('bars are paired by their time, and legs out of step neither enter nor leave by their spread', () => {
  const second = BarSeries.of(
    [...still.keys()]
      .filter((index) => index !== 7)
      .map((index) => wholeView(viewOf(still).series).series.exact(index)),
  );
  const [first] = [viewOf([...formation, 103])];
  assert.equal(pairCloses(first, wholeView(second), 20)!.first.length, 19);
  const turned = pairCloses(wholeView(second), first, 20)!; // the first lacks a bar now
  assert.deepEqual([...turned.second], [...formation.slice(1, 7), ...formation.slice(8), 103]);
  const lagging = viewOf(still.slice(0, 20));
  assert.equal(pairCloses(first, lagging, 20), undefined);
  const legs = (position?: Holding) => [legOf(first, position), legOf(lagging, position)] as const;
  assert.equal(reasonOf(decideOn(pairsTrading, DISTANCE, legs())), 'hold legs_out_of_step');
  assert.equal(reasonOf(decideOn(pairsTrading, DISTANCE, legs(heldAt(100)))), 'hold legs_out_of_step');
  const old = heldAt(100, { barsHeld: 20 });
  assert.equal(reasonOf(decideOn(pairsTrading, DISTANCE, legs(old))), 'time_limit');
  assert.throws(() => decideOn(pairsTrading, DISTANCE, [legOf(first)]), RangeError);
});
