import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { HOUR_MS, LONG, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { matchBar } from './index.ts';

const HALF_MS = HOUR_MS / 2;
type Prices = readonly [open: number, high: number, low: number, close: number];
const bar = (openMs: number, [open, high, low, close]: Prices): Bar => ({
  openMs,
  open: String(open),
  high: String(high),
  low: String(low),
  close: String(close),
  volume: '10',
});
const BAR = bar(0, [100, 110, 90, 105]);
const detailOf = (...halves: readonly [Prices, Prices]) =>
  termsOf(
    {},
    {
      detail: { timeframe: '30m', bars: halves.map((prices, index) => bar(index * HALF_MS, prices)) },
    },
  );
const RISES_FIRST = detailOf([100, 110, 99, 108], [108, 109, 90, 105]);
const FALLS_FIRST = detailOf([100, 101, 90, 95], [95, 110, 94, 105]);
const entry = orderOf('market', { protection: { stopPrice: '92', targetPrice: '107', trailBps: null } });

test('bars of a finer timeframe decide whether the stop or the target came first', () => {
  assert.deepEqual(told(matchBar([entry], BAR, RICH, RISES_FIRST)), [
    'buy 2 @ 100 taker',
    'target sell 2 @ 107 maker',
    'stop one_cancelled_other',
  ]);
  for (const terms of [FALLS_FIRST, termsOf()])
    assert.deepEqual(told(matchBar([entry], BAR, RICH, terms)), [
      'buy 2 @ 100 taker',
      'target one_cancelled_other',
      'stop sell 2 @ 92 taker',
    ]);
});

test('bars of a finer timeframe decide whether a limit came in before its price', () => {
  const order = orderOf('limit', { limitPrice: '93', placedMs: HALF_MS });
  assert.deepEqual(told(matchBar([order], BAR, RICH, RISES_FIRST)), ['buy 2 @ 93 maker']);
  assert.deepEqual(told(matchBar([order], BAR, RICH, FALLS_FIRST)), []);
  assert.deepEqual(told(matchBar([order], BAR, RICH, termsOf())), []);
});

test('a late order pays for the finer bar only that is under way', () => {
  const order = orderOf('market', { placedMs: HALF_MS });
  assert.deepEqual(told(matchBar([order], BAR, RICH, RISES_FIRST)), ['buy 2 @ 108 taker']);
  assert.deepEqual(told(matchBar([order], BAR, RICH, termsOf())), ['buy 2 @ 105 taker']);
});

test('finer bars that are not together the bar are not believed', () => {
  const broken = [
    detailOf([100, 109, 99, 108], [108, 109, 90, 105]), // the high is missing
    detailOf([100, 110, 99, 108], [108, 109, 91, 105]), // the low
    detailOf([101, 110, 99, 108], [108, 109, 90, 105]), // another open
    detailOf([100, 110, 99, 108], [108, 109, 90, 104]), // another close
    detailOf([100, 111, 99, 108], [108, 110, 90, 105]), // a price that the bar has not seen
    termsOf({}, { detail: { timeframe: '30m', bars: [] } }),
  ];
  for (const terms of broken)
    assert.equal(told(matchBar([entry], BAR, RICH, terms)).at(-1), 'stop sell 2 @ 92 taker');
});

test('a trailing stop follows the finer bars', () => {
  const order = orderOf('trailing_stop', { side: 'sell', trailBps: 1000 });
  assert.deepEqual(told(matchBar([order], BAR, LONG, RISES_FIRST)), ['sell 2 @ 99 taker']);
  assert.deepEqual(told(matchBar([order], BAR, LONG, termsOf())), ['sell 2 @ 90 taker']);
});
