import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barOf, fillsOf, LONG, matchBars, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { matchBar } from './index.ts';

const BAR = barOf(0, [100, 110, 90, 105]);
const COSTLY = termsOf({
  fees: { maker_bps: 2, taker_bps: 10, taken_in: 'quote' },
  spread: { type: 'bps', bps: 4 },
  slippage: { type: 'fixed', bps: 3 },
});
const buyAt = (limitPrice: string) => orderOf('limit', { limitPrice });
const sellAt = (limitPrice: string) => orderOf('limit', { limitPrice, side: 'sell' });

test('a market order fills whole at the open of the first bar, half the spread and the slippage against it', () => {
  const [buy] = fillsOf(matchBar([orderOf('market')], BAR, RICH, COSTLY));
  assert.deepEqual(buy, {
    kind: 'fill',
    orderId: 'a',
    protection: null,
    side: 'buy',
    quantity: '2',
    price: '100.05',
    fee: '0.2001',
    feeTakenIn: 'quote',
    liquidity: 'taker',
    slippageCost: '0.1',
    atMs: 0,
    complete: true,
    stale: false,
  });
  const [sell] = fillsOf(matchBar([orderOf('market', { side: 'sell' })], BAR, LONG, COSTLY));
  assert.deepEqual([sell?.price, sell?.fee, sell?.slippageCost], ['99.95', '0.1999', '0.1']);
});

test('cash and quantity change by what was told, to the last digit', () => {
  const { holding, orders } = matchBar([orderOf('market')], BAR, RICH, COSTLY);
  assert.deepEqual([holding, orders], [{ cash: '9799.6999', quantity: '2' }, []]);
});

test('a limit waits until the bar trades through it: a touch is not enough', () => {
  for (const order of [buyAt('90'), sellAt('110')])
    assert.deepEqual(told(matchBar([order], BAR, LONG, COSTLY)), []);
  assert.deepEqual(told(matchBar([buyAt('90.01')], BAR, RICH, COSTLY)), ['buy 2 @ 90.01 maker']);
  assert.deepEqual(told(matchBar([sellAt('109.99')], BAR, LONG, COSTLY)), ['sell 2 @ 109.99 maker']);
});

test('a limit through the market takes the open with its costs, never beyond the limit', () => {
  assert.deepEqual(told(matchBar([buyAt('101')], BAR, RICH, COSTLY)), ['buy 2 @ 100.05 taker']);
  assert.deepEqual(told(matchBar([buyAt('100.01')], BAR, RICH, COSTLY)), ['buy 2 @ 100.01 taker']);
  assert.deepEqual(told(matchBar([sellAt('99')], BAR, LONG, COSTLY)), ['sell 2 @ 99.95 taker']);
  assert.deepEqual(told(matchBar([sellAt('99.99')], BAR, LONG, COSTLY)), ['sell 2 @ 99.99 taker']);
});

test('a limit at the open itself takes it only where the bar goes on through it', () => {
  assert.deepEqual(told(matchBar([buyAt('100')], BAR, RICH, COSTLY)), ['buy 2 @ 100 taker']);
  const rising = barOf(0, [100, 110, 100, 105]);
  assert.deepEqual(told(matchBar([buyAt('100')], rising, RICH, COSTLY)), []);
});

test('a limit in the book fills at its limit as a maker, or at the worst price of a bar that opened beyond it', () => {
  const crossing = matchBars([buyAt('90')], [BAR, barOf(1, [89, 95, 75, 82])], RICH, COSTLY);
  assert.deepEqual(told(crossing), ['buy 2 @ 90 maker']);
  assert.equal(fillsOf(crossing)[0]?.fee, '0.036');
  const beyond = barOf(1, [80, 85, 75, 82]);
  assert.deepEqual(told(matchBars([buyAt('90')], [BAR, beyond], RICH, COSTLY)), ['buy 2 @ 85 maker']);
  const above = barOf(1, [120, 125, 115, 118]);
  assert.deepEqual(told(matchBars([sellAt('111')], [BAR, above], LONG, COSTLY)), ['sell 2 @ 115 maker']);
});

test('a fill needs its cash when it happens: the older order takes it, the next one ends', () => {
  const orders = [orderOf('market'), orderOf('market', { orderId: 'b' })];
  const matched = matchBar(orders, BAR, { cash: '399', quantity: '0' }, termsOf());
  assert.deepEqual(told(matched), ['buy 2 @ 100 taker', 'cash_short']);
  assert.deepEqual(matched.holding, { cash: '199', quantity: '2' });
  assert.deepEqual(matched.orders, []);
});

test('a short needs twice its value in cash', () => {
  const sell = orderOf('market', { side: 'sell' });
  const short = (cash: string) => told(matchBar([sell], BAR, { cash, quantity: '0' }, termsOf()));
  assert.deepEqual(short('200'), ['sell 2 @ 100 taker']);
  assert.deepEqual(short('199.99'), ['cash_short']);
});

test('what only reduces fills whatever the cash: a short that lost all can still be closed', () => {
  const matched = matchBar([orderOf('market')], BAR, { cash: '150', quantity: '-2' }, termsOf());
  assert.deepEqual(matched.holding, { cash: '-50', quantity: '0' });
});

test('an order to reduce never flips a position: it is cut to it, or ends', () => {
  const sell = orderOf('market', { side: 'sell', reduceOnly: true });
  const cut = matchBar([sell], BAR, { cash: '0', quantity: '1.5' }, termsOf());
  assert.deepEqual(told(cut), ['sell 1.5 @ 100 taker', 'nothing_to_reduce']);
  assert.deepEqual(cut.holding, { cash: '150', quantity: '0' });
  for (const quantity of ['0', '-1'])
    assert.deepEqual(told(matchBar([sell], BAR, { cash: '900', quantity }, termsOf())), [
      'nothing_to_reduce',
    ]);
});

test('an order to reduce that is larger than the position and takes it in parts ends with the last of them', () => {
  const sell = orderOf('market', { side: 'sell', reduceOnly: true, quantity: '4' });
  const bars = [BAR, barOf(1, [101, 102, 100, 101])];
  const matched = matchBars([sell], bars, LONG, termsOf({ participation_max: 0.001 }));
  assert.deepEqual(told(matched), ['sell 1 @ 100 taker', 'sell 1 @ 101 taker', 'nothing_to_reduce']);
});

test('an order to reduce that waits ends with the bar that leaves nothing to reduce', () => {
  const exit = orderOf('market', { side: 'sell' });
  const stop = orderOf('stop', { orderId: 'b', side: 'sell', stopPrice: '50', reduceOnly: true });
  assert.deepEqual(told(matchBar([stop, exit], BAR, LONG, termsOf())), [
    'sell 2 @ 100 taker',
    'nothing_to_reduce',
  ]);
});

test('a sale that costs would bring to nothing or less does not happen', () => {
  const ruinous = termsOf({ slippage: { type: 'volume_share', impact: 10 } });
  const tiny = barOf(0, [100, 100, 100, 100], '1');
  assert.deepEqual(told(matchBar([orderOf('market', { side: 'sell' })], tiny, LONG, ruinous)), []);
});

test('an order without the price that its type asks for is refused', () => {
  assert.throws(() => matchBar([orderOf('limit')], BAR, RICH, termsOf()), RangeError);
  assert.throws(() => matchBar([orderOf('stop')], BAR, RICH, termsOf()), RangeError);
  assert.throws(() => matchBar([orderOf('trailing_stop')], BAR, RICH, termsOf()), RangeError);
});
