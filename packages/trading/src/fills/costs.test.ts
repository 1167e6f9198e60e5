import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CostModel } from '@aistock/shared';
import { barOf, fillsOf, LONG, matchBars, orderOf, RICH, termsOf, told } from './fills.fixture.ts';
import { fundingCash, matchBar } from './index.ts';

const BAR = barOf(0, [100, 110, 90, 105], '10');
const price = (costs: Partial<CostModel>, side: 'buy' | 'sell' = 'buy', bar = BAR): string | undefined =>
  fillsOf(matchBar([orderOf('market', { side })], bar, LONG, termsOf(costs)))[0]?.price;
const fees = (taken_in: 'quote' | 'base'): CostModel['fees'] => ({ maker_bps: 1, taker_bps: 10, taken_in });

const fee = (type: 'limit' | 'market', limitPrice: string | null): string | undefined =>
  fillsOf(
    matchBar(
      [orderOf(type, { limitPrice, quantity: '0.000000000123' })],
      BAR,
      RICH,
      termsOf({ fees: fees('quote') }),
    ),
  )[0]?.fee;

test('a maker and a taker pay their own fee, rounded up to 12 places', () => {
  assert.equal(fee('market', null), '0.000000000013', '1.23e-8 × 0.001 = 1.23e-11');
  assert.equal(fee('limit', '95'), '0.000000000002', '1.1685e-8 × 0.0001 = 1.1685e-12');
});

test('a fee in the base makes what was bought smaller; a sale pays in the quote currency', () => {
  const terms = termsOf({ fees: fees('base') });
  const bought = matchBar([orderOf('market')], BAR, RICH, terms);
  const [buy] = fillsOf(bought);
  assert.deepEqual([buy?.quantity, buy?.fee, buy?.feeTakenIn], ['2', '0.002', 'base']);
  assert.deepEqual(bought.holding, { cash: '9800', quantity: '1.998' });
  const sold = matchBar([orderOf('market', { side: 'sell' })], BAR, bought.holding, terms);
  assert.deepEqual(told(sold), ['sell 1.998 @ 100 taker', 'nothing_to_reduce'], 'bounded by what is held');
  assert.deepEqual([fillsOf(sold)[0]?.fee, fillsOf(sold)[0]?.feeTakenIn], ['0.1998', 'quote']);
  assert.deepEqual(sold.holding, { cash: '9999.6002', quantity: '0' });
});

test('the spread is a share of the price or of the bar, and a taker pays half of it', () => {
  assert.equal(price({ spread: { type: 'bps', bps: 10 } }), '100.05');
  assert.equal(price({ spread: { type: 'range', share: 0.1 } }), '101', 'half of a tenth of 20');
  assert.equal(price({ spread: { type: 'range', share: 0.1 } }, 'sell'), '99');
});

test('slippage is a fixed share, grows with the square of the share of volume, or follows the range', () => {
  assert.equal(price({ slippage: { type: 'fixed', bps: 5 } }), '100.05');
  assert.equal(price({ slippage: { type: 'volume_share', impact: 0.1 } }), '100.4', '0.1 × (2 / 10)² of 100');
  assert.equal(price({ slippage: { type: 'volatility', share: 0.05 } }), '101', 'a twentieth of 20');
  const still = barOf(0, [100, 100, 100, 100], '0');
  assert.equal(
    price({ slippage: { type: 'volume_share', impact: 0.1 } }, 'buy', still),
    '110',
    'all of no volume',
  );
});

test('a price is rounded against the order to 12 places', () => {
  const odd = barOf(0, [0.000000000123, 1, 0.000000000001, 1]);
  const bps = { slippage: { type: 'fixed', bps: 50 } } as const;
  assert.equal(price(bps, 'buy', odd), '0.000000000124');
  assert.equal(price(bps, 'sell', odd), '0.000000000122');
});

test('an order takes no more than its share of a bar, and the rest waits', () => {
  const terms = termsOf({ participation_max: 0.1 });
  const bars = [BAR, barOf(1, [102, 103, 101, 102], '5'), barOf(2, [104, 105, 103, 104], '50')];
  const matched = matchBars([orderOf('market')], bars, RICH, terms);
  assert.deepEqual(told(matched), ['buy 1 @ 100 taker', 'buy 1 @ 104 taker']);
  assert.deepEqual(
    fillsOf(matched).map(({ complete }) => complete),
    [false, true],
    'half a share is no part where volume and order are whole',
  );
});

const parts = (quantity: string, volume: string): string[] =>
  told(
    matchBar(
      [orderOf('market', { quantity })],
      barOf(0, [100, 110, 90, 105], volume),
      RICH,
      termsOf({ participation_max: 0.33 }),
    ),
  );

test('parts are in steps of the finer of the two, volume and order', () => {
  assert.deepEqual(parts('5', '10.5'), ['buy 3.4 @ 100 taker'], '3.465');
  assert.deepEqual(parts('5.00000001', '10'), ['buy 3.3 @ 100 taker']);
  assert.deepEqual(parts('5', '10'), ['buy 3 @ 100 taker']);
});

test('in a bar without volume nothing fills where participation is bounded, and else it is told', () => {
  const still = barOf(0, [100, 110, 90, 105], '0');
  assert.deepEqual(told(matchBar([orderOf('market')], still, RICH, termsOf({ participation_max: 1 }))), []);
  assert.deepEqual(
    [still, BAR].map((bar) => fillsOf(matchBar([orderOf('market')], bar, RICH, termsOf()))[0]?.stale),
    [true, false],
  );
});

test('funding is rate times mark price times quantity: longs pay it, shorts receive it', () => {
  assert.equal(fundingCash({ rate: '0.0001', markPrice: '43210.12' }, '0.5'), '-2.160506');
  assert.equal(fundingCash({ rate: '0.0001', markPrice: '43210.12' }, '-0.5'), '2.160506');
  assert.equal(fundingCash({ rate: '-0.0001', markPrice: '100' }, '1'), '0.01');
  assert.equal(fundingCash({ rate: '0', markPrice: '100' }, '1'), '0');
});
