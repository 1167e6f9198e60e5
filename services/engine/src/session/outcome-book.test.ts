import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClosedTrade } from '@aistock/trading/core';
import { OutcomeBook } from './outcome-book.ts';

const trade = (change: Partial<ClosedTrade>): ClosedTrade => ({
  slot: 'pair',
  instrument: 'A',
  configId: 'c1',
  side: 'buy',
  quantity: '10',
  entryMs: 1,
  entryPrice: '100',
  exitMs: 5,
  exitPrice: '110',
  fees: '0',
  pnl: '100',
  reward: 0.1,
  ...change,
});

test('the only trade of a choice gives its reward as the core computed it', () => {
  const book = new OutcomeBook();
  book.add(trade({ reward: 0.123 }));
  assert.deepEqual(
    book.due.map(({ reward, trades, closedMs }) => [reward, trades, closedMs]),
    [[0.123, 1, 5]],
  );
});

test('the legs of a pair come to one outcome: what they earned over what they cost', () => {
  const book = new OutcomeBook();
  book.add(trade({}));
  book.add(trade({ instrument: 'B', side: 'sell', pnl: '-50', reward: -0.1, quantity: '5', exitMs: 7 }));
  assert.deepEqual(
    book.due.map(({ reward, trades, closedMs }) => [reward, trades, closedMs]),
    [[50 / 1_500, 2, 7]],
  );
});

test('what was told is let go of its slot only, and the rest comes back from a snapshot', () => {
  const book = new OutcomeBook();
  book.add(trade({}));
  book.add(trade({ slot: 'other', configId: 'c2' }));
  book.settle('pair');
  assert.deepEqual(
    new OutcomeBook(book.due).due.map(({ configId }) => configId),
    ['c2'],
  );
});
