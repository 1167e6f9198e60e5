import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { minuteMarket } from '../../test/sims.ts';
import { simMarkets } from '../markets/sim-market.ts';
import { KIND_NAMES, type MisbehaviourTerms } from './misbehaviour.ts';
import { RuleBook } from './rule-book.ts';

const [market] = simMarkets([minuteMarket('binance', 'BTC/USDT')]);

function bookOf(...terms: MisbehaviourTerms[]): RuleBook {
  const book = new RuleBook();
  book.add(terms, 0);
  return book;
}

function hitsOf(book: RuleBook, requests: number): boolean[] {
  return Array.from({ length: requests }, () => book.judge(['reset'], 'binance') !== undefined);
}

const draws = (seed: number): boolean[] => hitsOf(bookOf({ kind: 'reset', rate: 0.3, seed }), 200);

test('the same seed draws the same, another one otherwise', () => {
  assert.deepEqual(draws(1), draws(1));
  assert.notDeepEqual(draws(1), draws(2));
});

test('a rate hits about that share, a count exactly so many, both at most so many', () => {
  const count = (terms: MisbehaviourTerms) => hitsOf(bookOf(terms), 2_000).filter(Boolean).length;
  const share = count({ kind: 'reset', rate: 0.3 }) / 2_000;
  assert.ok(share > 0.25 && share < 0.35, String(share));
  assert.equal(count({ kind: 'reset', count: 3 }), 3);
  assert.equal(count({ kind: 'reset', rate: 0.3, count: 3 }), 3);
  assert.deepEqual(hitsOf(bookOf({ kind: 'reset', count: 2 }), 3), [true, true, false]);
});

test('a rule holds for its venue and for its market only', () => {
  const book = bookOf(
    { kind: 'reset', rate: 1, venue: 'kraken' },
    { kind: 'overlap', rate: 1, market: 'binance:ETH/USDT:1m' },
  );
  assert.equal(book.judge(['reset'], 'binance'), undefined);
  assert.ok(book.judge(['reset'], 'kraken'));
  assert.equal(book.judge(['overlap'], 'binance', 'binance:BTC/USDT:1m'), undefined);
  assert.ok(book.judge(['overlap'], 'binance', 'binance:ETH/USDT:1m'));
});

function chosen(terms: MisbehaviourTerms): number {
  const [rule] = bookOf(terms).ofBars('missing_bar', market!);
  return Array.from({ length: 10_000 }, (_each, index) => rule!.chosen(market!, index)).filter(Boolean)
    .length;
}

test('of bars, a count chooses so many of each market, a rate its share', () => {
  assert.equal(chosen({ kind: 'missing_bar', count: 25 }), 25);
  const share = chosen({ kind: 'missing_bar', rate: 0.01 });
  assert.ok(share > 70 && share < 130, String(share));
});

test('what is taken back is gone, but a restatement only ends', () => {
  const book = bookOf(
    { kind: 'reset', rate: 1 },
    { kind: 'restated_bar', rate: 1 },
    { kind: 'missing_bar', rate: 1 },
  );
  book.clear('missing_bar', 5);
  book.clear(undefined, 9);
  assert.deepEqual(
    book.states().map(({ misbehaviour, endMs }) => [misbehaviour.kind, endMs]),
    [['restated_bar', 9]],
  );
});

function refused(...terms: unknown[]): string {
  const book = new RuleBook();
  let said = '';
  try {
    book.add(terms as MisbehaviourTerms[], 0);
  } catch (error) {
    said = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
  }
  assert.deepEqual(book.states(), []);
  return said;
}

test('all terms are taken or none, and what is wrong is named', () => {
  assert.match(refused({ kind: 'reset', count: 1 }, { kind: 'sulk', count: 1 }), /kind/);
  assert.match(refused({ kind: 'reset' }), /rate or count must be given/);
  assert.match(refused({ kind: 'missing_bar', rate: 1, count: 1 }), /not both/);
  assert.match(refused({ kind: 'reset', rate: 2 }), /rate/);
  assert.match(refused({ kind: 'reset', count: 1, market: 'binance:BTC/USDT:1m' }), /by venue only/);
  assert.match(refused({ kind: 'clock_skew', rate: 1 }), /skewMs/);
  assert.match(refused(...Array.from({ length: 101 }, () => ({ kind: 'reset', count: 1 }))), /at most 100/);
  assert.equal(KIND_NAMES.length, 14);
});
