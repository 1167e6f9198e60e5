import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal } from '../../decimal.ts';
import { tradesByChoice } from './open-trade.ts';
import { LegBook } from './leg-book.ts';

const HOUR_MS = 3_600_000;

/** Quotes that filled, each an hour after the one before: side, quantity, price. The fee of each is 1. */
function tradesOf(...fills: readonly (readonly ['buy' | 'sell', number, number])[]) {
  const book = new LegBook();
  const trades: ReturnType<typeof tradesByChoice>[number][] = [];
  for (const [index, [side, amount, at]] of fills.entries()) {
    const [quantity, price] = [new Decimal(amount), new Decimal(at)];
    const value = quantity.times(price);
    const fill = { side, quantity, price, value, fee: new Decimal(1), configId: 'c', atMs: index * HOUR_MS };
    const closed = book.book({ ...fill, isQuote: true }, () => false);
    if (closed) trades.push(...tradesByChoice(closed));
  }
  return { book, trades };
}

test('each part of an inventory that a quote closes is a trade at its average cost, with its share of the fees', () => {
  const { trades, book } = tradesOf(['buy', 1, 100], ['buy', 3, 120], ['sell', 2, 130], ['sell', 1, 110]);
  assert.deepEqual(trades, [
    {
      configId: 'c',
      side: 'buy',
      quantity: '2',
      entryMs: 0.75 * HOUR_MS,
      entryPrice: '115',
      exitMs: 2 * HOUR_MS,
      exitPrice: '130',
      fees: '2',
      pnl: '28',
      reward: 28 / 230,
    },
    {
      configId: 'c',
      side: 'buy',
      quantity: '1',
      entryMs: 0.75 * HOUR_MS,
      entryPrice: '115',
      exitMs: 3 * HOUR_MS,
      exitPrice: '110',
      fees: '1.5',
      pnl: '-6.5',
      reward: -6.5 / 115,
    },
  ]);
  assert.equal(book.quantity, 1);
  assert.equal(book.trade?.entries.quantity.toFixed(), '1');
});

test('the parts and the end of an inventory that was short add up to what the books earned', () => {
  const { trades, book } = tradesOf(['sell', 3, 100], ['buy', 1, 90], ['sell', 1, 95], ['buy', 3, 99]);
  assert.deepEqual(
    trades.map(({ side, quantity }) => [side, quantity]),
    [
      ['sell', '1'],
      ['sell', '3'],
    ],
  );
  const told = trades.reduce((sum, { pnl }) => sum.plus(pnl), new Decimal(0));
  assert.equal(told.toFixed(), book.position.realisedPnl.minus(book.position.fees).toFixed());
  assert.equal(book.trade, null);
});

test('what a quote closes was opened under one choice after the other, and is a trade of each, oldest first', () => {
  const book = new LegBook();
  const quote = (side: 'buy' | 'sell', amount: number, configId: string, isQuote = true) => {
    const [quantity, price] = [new Decimal(amount), new Decimal(side === 'buy' ? 100 : 110)];
    const fill = { side, quantity, price, value: quantity.times(price), fee: quantity, configId, isQuote };
    const closed = book.book({ ...fill, atMs: 0 }, () => false);
    return (closed ? tradesByChoice(closed) : []).map((trade) =>
      [trade.configId, trade.quantity, trade.fees, trade.pnl].join(' '),
    );
  };
  quote('buy', 2, 'first');
  quote('buy', 1, 'second');
  quote('buy', 1, 'third');
  assert.deepEqual(quote('sell', 1, 'third'), ['first 1 2 8']);
  assert.deepEqual(quote('sell', 1.5, 'third'), ['first 1 2 8', 'second 0.5 1 4']);
  assert.deepEqual(quote('sell', 1.5, 'fourth', false), ['second 0.5 1 4', 'third 1 2 8']);
  assert.equal(book.trade, null);
});

test('a split splits what was opened under each choice alike', () => {
  const book = new LegBook();
  const quote = (side: 'buy' | 'sell', amount: number, configId: string) => {
    const [quantity, price] = [new Decimal(amount), new Decimal(100)];
    const fill = { side, quantity, price, value: quantity.times(price), fee: new Decimal(0), configId };
    const closed = book.book({ ...fill, isQuote: true, atMs: 0 }, () => false);
    return closed && tradesByChoice(closed).map((trade) => trade.configId);
  };
  quote('buy', 1, 'first');
  quote('buy', 1, 'second');
  book.split(2, 1);
  assert.deepEqual(quote('sell', 2, 'third'), ['first']);
  assert.deepEqual(quote('sell', 1, 'third'), ['second']);
});
