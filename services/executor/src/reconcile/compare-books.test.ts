import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareBooks, type OurBooks, type VenueBooks } from './compare-books.ts';

const ours: OurBooks = {
  working: new Set(['a']),
  notFinal: new Set(['a', 'sending']),
  positions: new Map([
    ['BTC/USDT', '1.0'],
    ['ETH/USDT', '0'],
  ]),
  cash: '100',
};
const venue: VenueBooks = {
  openOrders: new Set(['a']),
  positions: new Map([['BTC/USDT', '1']]),
  cash: '100.00',
};

test('equal books have no difference, however the numbers are spelled', () => {
  assert.deepEqual(compareBooks(ours, venue), []);
});

test('an order that is on its way may be at the venue already', () => {
  assert.deepEqual(compareBooks(ours, { ...venue, openOrders: new Set(['a', 'sending']) }), []);
});

test('every difference is told, in a fixed order', () => {
  const differences = compareBooks(ours, {
    openOrders: new Set(['z', 'b']),
    positions: new Map([['SOL/USDT', '-3']]),
    cash: '99.999999999999999999',
  });
  assert.deepEqual(differences, [
    'order a works here and not at the venue',
    'order b works at the venue and not here',
    'order z works at the venue and not here',
    'position in BTC/USDT is 1.0 here and 0 at the venue',
    'position in SOL/USDT is 0 here and -3 at the venue',
    'cash is 100 here and 99.999999999999999999 at the venue',
  ]);
});
