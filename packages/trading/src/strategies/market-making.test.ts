import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideOn, heldAt, legOf, reasonOf, viewOf } from './bars.fixture.ts';
import { marketMaking } from './market-making.ts';
import { SHORT_PARAMS } from './params.fixture.ts';
import type { StrategyParams } from './strategy.ts';

const still = Array.from({ length: 21 }, () => 100);

interface Case {
  readonly quantity?: number;
  readonly params?: StrategyParams;
  readonly closes?: readonly number[];
  readonly equity?: number | null;
}
const decide = ({ quantity = 0, params, closes = still, equity = 1_000 }: Case) =>
  decideOn(
    marketMaking,
    { ...SHORT_PARAMS.market_making, ...params },
    [legOf(viewOf(closes), quantity === 0 ? undefined : heldAt(100, { quantity }))],
    { equity },
  );

/** The quotes as `side size@price`. */
function quotes(terms: Case = {}): string[] {
  const signal = decide(terms);
  assert.ok('wishes' in signal, reasonOf(signal));
  const [wish] = signal.wishes;
  assert.ok(wish?.kind === 'quote');
  return wish.quotes.map(
    ({ side, price, equityFraction }) =>
      `${side} ${Number(equityFraction.toFixed(9))}@${Number(price.toFixed(9))}`,
  );
}

test('without inventory it quotes half a spread on both sides', () => {
  assert.deepEqual(quotes(), ['buy 0.05@99.9', 'sell 0.05@100.1']);
});

test('the half spread grows with volatility', () => {
  const closes = still.map((close, index) => close + (index % 2)); // ends at 100
  const step = Math.log(1.01);
  const half = 100 * (0.001 + 0.5 * step * Math.sqrt(20 / 19)); // mean of 0, ten up and ten down
  assert.deepEqual(quotes({ closes }), [
    `buy 0.05@${Number((100 - half).toFixed(9))}`,
    `sell 0.05@${Number((100 + half).toFixed(9))}`,
  ]);
});

test('it leans against its inventory, and takes on no more than its limit', () => {
  assert.deepEqual(quotes({ quantity: 1 }), ['buy 0.05@99.875', 'sell 0.05@100.075']); // half of the limit
  assert.deepEqual(quotes({ quantity: -1 }), ['buy 0.05@99.925', 'sell 0.05@100.125']);
  assert.deepEqual(quotes({ quantity: 1.8 }), ['buy 0.02@99.855', 'sell 0.05@100.055']);
  assert.deepEqual(quotes({ quantity: 2 }), ['sell 0.05@100.05']);
  assert.deepEqual(quotes({ quantity: 3 }), ['sell 0.05@100.05']);
  assert.deepEqual(quotes({ quantity: -3 }), ['buy 0.05@99.95']);
});

test('no quote crosses the fair price, however far it leans', () => {
  assert.deepEqual(quotes({ quantity: 2, params: { inventory_skew: 2 } }), ['sell 0.05@100']);
  assert.deepEqual(quotes({ quantity: -2, params: { inventory_skew: 2 } }), ['buy 0.05@100']);
});

test('where it may not sell short it offers what it holds', () => {
  assert.deepEqual(quotes({ params: { allow_short: 0 } }), ['buy 0.05@99.9']);
  assert.deepEqual(quotes({ quantity: 0.2, params: { allow_short: 0 } }), [
    'buy 0.05@99.895',
    'sell 0.02@100.095',
  ]);
});

test('quotes stay until they are due, and go where the equity is not known', () => {
  assert.equal(reasonOf(decide({ params: { refresh_s: 120 } })), 'hold quotes_working'); // closes at minute 21
  assert.equal(reasonOf(decide({ params: { refresh_s: 180 } })), 'quotes');
  assert.deepEqual(quotes({ equity: null }), []);
  assert.equal(reasonOf(decide({ equity: null })), 'equity_unknown');
});
