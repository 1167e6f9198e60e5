import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barOf, LONG, matchBars, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { matchBar } from './index.ts';

const BAR = barOf(0, [100, 110, 90, 105]);
const COSTLY = termsOf({ slippage: { type: 'fixed', bps: 10 } });
const stopSell = (stopPrice: string) => orderOf('stop', { side: 'sell', stopPrice });
const stopLimitSell = (stopPrice: string, limitPrice: string) =>
  orderOf('stop_limit', { side: 'sell', stopPrice, limitPrice });
const trailSell = (trailBps: number) => orderOf('trailing_stop', { side: 'sell', trailBps });

test('a stop triggers where the bar touches it and fills there, costs against it', () => {
  assert.deepEqual(told(matchBar([stopSell('90')], BAR, LONG, COSTLY)), ['sell 2 @ 89.91 taker']);
  assert.deepEqual(told(matchBar([stopSell('89.99')], BAR, LONG, COSTLY)), []);
  const buy = orderOf('stop', { stopPrice: '110' });
  assert.deepEqual(told(matchBar([buy], BAR, RICH, COSTLY)), ['buy 2 @ 110.11 taker']);
  assert.deepEqual(told(matchBar([{ ...buy, stopPrice: '110.01' }], BAR, RICH, COSTLY)), []);
});

test('a gap through a stop fills at the open, worse than the stop', () => {
  const gap = barOf(1, [80, 95, 75, 90]);
  const matched = matchBars([stopSell('85')], [BAR, gap], LONG, COSTLY);
  assert.deepEqual(told(matched), ['sell 2 @ 79.92 taker']);
  const buy = orderOf('stop', { stopPrice: '99' });
  assert.deepEqual(told(matchBar([buy], BAR, RICH, COSTLY)), ['buy 2 @ 100.1 taker']);
});

test('a stop that was touched and could not fill works as a market order from then on', () => {
  const terms = termsOf({ participation_max: 0.5 });
  const bars = [barOf(0, [100, 110, 90, 105], '2'), barOf(1, [120, 121, 119, 120], '2')];
  assert.deepEqual(told(matchBars([stopSell('95')], bars, LONG, terms)), [
    'sell 1 @ 95 taker',
    'sell 1 @ 120 taker',
  ]);
});

test('a stop-limit fills no worse than its limit, and may stay unfilled', () => {
  assert.deepEqual(told(matchBar([stopLimitSell('95', '94.99')], BAR, LONG, COSTLY)), [
    'sell 2 @ 94.99 taker',
  ]);
  const gap = barOf(1, [80, 84, 75, 82]);
  const unfilled = matchBars([stopLimitSell('85', '84')], [BAR, gap], LONG, COSTLY);
  assert.deepEqual(told(unfilled), []);
  assert.deepEqual(
    unfilled.orders.map(({ triggered, resting }) => [triggered, resting]),
    [[true, true]],
  );
});

test('a stop-limit that was triggered waits in the book at its limit', () => {
  const gap = barOf(1, [80, 84.5, 75, 82]);
  assert.deepEqual(told(matchBars([stopLimitSell('85', '84')], [BAR, gap], LONG, COSTLY)), [
    'sell 2 @ 84 maker',
  ]);
  // The limit is above the stop: the bar's high may have been there before the trigger, the next bar's was not.
  const above = stopLimitSell('95', '96');
  assert.deepEqual(told(matchBar([above], BAR, LONG, COSTLY)), []);
  assert.deepEqual(told(matchBars([above], [BAR, barOf(1, [90, 97, 89, 92])], LONG, COSTLY)), [
    'sell 2 @ 96 maker',
  ]);
});

test('a trailing stop follows the best price up to the bar before, and never falls back', () => {
  const bars = [
    barOf(0, [100, 110, 99, 105]), // would start at 90 and ends with a best price of 110
    barOf(1, [105, 108, 99.5, 100]), // 99 is not touched
    barOf(2, [100, 101, 98, 99]), // 99 is
  ];
  const waiting = matchBars([trailSell(1000)], bars.slice(0, 2), LONG, termsOf());
  assert.deepEqual([told(waiting), waiting.orders[0]?.bestPrice], [[], '110']);
  assert.deepEqual(told(matchBars([trailSell(1000)], bars, LONG, termsOf())), ['sell 2 @ 99 taker']);
});

test('a trailing stop works from its first bar on, measured from where it met the market', () => {
  assert.deepEqual(told(matchBar([trailSell(900)], BAR, LONG, termsOf())), ['sell 2 @ 91 taker']);
  const short = { cash: '900', quantity: '-2' };
  const buy = orderOf('trailing_stop', { trailBps: 900 });
  assert.deepEqual(told(matchBar([buy], BAR, short, termsOf())), ['buy 2 @ 109 taker']);
  const odd = { ...BAR, open: '0.000000000101', low: '0.0000000001' };
  assert.deepEqual(told(matchBar([buy], odd, short, termsOf())), ['buy 2 @ 0.000000000111 taker']);
  // What came in while the bar was under way cannot say that it has seen the bar's high.
  const late = matchBar([{ ...trailSell(3000), placedMs: 1_800_000 }], BAR, LONG, termsOf());
  assert.equal(late.orders[0]?.bestPrice, '105');
});

test('a trailing stop with a stop price starts there', () => {
  const order = { ...trailSell(2000), stopPrice: '95' };
  assert.deepEqual(told(matchBar([order], BAR, LONG, termsOf())), ['sell 2 @ 95 taker']);
  const rises = [barOf(0, [100, 140, 99, 139]), barOf(1, [139, 139, 100, 101])];
  assert.deepEqual(told(matchBars([order], rises, LONG, termsOf())), ['sell 2 @ 112 taker']);
});

test('what happens at the open comes before what the bar touches later', () => {
  const stop = { ...stopSell('95'), reduceOnly: true };
  const exit = orderOf('market', { orderId: 'b', side: 'sell', reduceOnly: true });
  assert.deepEqual(told(matchBar([stop, exit], BAR, LONG, termsOf())), [
    'sell 2 @ 100 taker',
    'nothing_to_reduce',
  ]);
  const target = orderOf('limit', { orderId: 'c', side: 'sell', limitPrice: '105', reduceOnly: true });
  assert.deepEqual(told(matchBar([target, stop], BAR, LONG, termsOf())), [
    'sell 2 @ 95 taker',
    'nothing_to_reduce',
  ]);
});
