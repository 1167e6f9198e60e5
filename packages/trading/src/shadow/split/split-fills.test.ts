import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decimal, decimalText } from '../../decimal.ts';
import { fillCosts } from '../../fills/index.ts';
import type { DayFill } from './day-fill.ts';
import { splitFills } from './split-fills.ts';

const costs = fillCosts({
  fees: { maker_bps: 0, taker_bps: 10, taken_in: 'quote' },
  spread: { type: 'bps', bps: 0 },
  slippage: { type: 'fixed', bps: 0 },
  latency_ms: 0,
  participation_max: null,
});

/** A fill by a taker who pays 10 bps where nothing else is said. */
function fillOf(quantity: string, price: string, barOpenMs: number, terms: Partial<DayFill> = {}): DayFill {
  const fee = decimalText(new Decimal(quantity).times(price).times('0.001'));
  const about = { decisionId: 'x', protection: null, slot: 's', stream: 'a', side: 'buy' } as const;
  return { ...about, quantity, price, fee, feeTakenIn: 'quote', barOpenMs, liquidity: 'taker', ...terms };
}

function split(live: readonly DayFill[], model: readonly DayFill[], mark = '110'): Record<string, string> {
  const { fee, fill, timing } = splitFills(live, model, { mark: new Decimal(mark), costs });
  return { fee: decimalText(fee), fill: decimalText(fill), timing: decimalText(timing) };
}

test('a dearer price in the same bar is fill, with what it does to the fee', () => {
  const parts = split([fillOf('2', '101', 0)], [fillOf('2', '100', 0)]);
  assert.deepEqual(parts, { fee: '0', fill: '-2.002', timing: '0' });
});

test('a seller gains by a higher price', () => {
  const sell = { side: 'sell' } as const;
  const parts = split([fillOf('2', '101', 0, sell)], [fillOf('2', '100', 0, sell)]);
  assert.deepEqual(parts, { fee: '0', fill: '1.998', timing: '0' });
});

test('the same quantity in another bar is timing', () => {
  const parts = split([fillOf('2', '101', 1)], [fillOf('2', '100', 0)]);
  assert.deepEqual(parts, { fee: '0', fill: '0', timing: '-2.002' });
});

test('a fill that came in parts is compared bar by bar, and what is left over is timing', () => {
  const parts = split([fillOf('3', '100', 0)], [fillOf('1', '100', 0), fillOf('2', '104', 1)]);
  assert.deepEqual(parts, { fee: '0', fill: '0', timing: '8.008' });
});

test('what only one of them filled is fill: the gain that the other did not have', () => {
  assert.deepEqual(split([], [fillOf('2', '100', 0)]), { fee: '0', fill: '-19.8', timing: '0' });
  assert.deepEqual(split([fillOf('3', '100', 0)], [fillOf('2', '100', 0)]), {
    fee: '0',
    fill: '9.9',
    timing: '0',
  });
});

test('another fee for the very same fill is fee', () => {
  assert.deepEqual(split([fillOf('2', '100', 0, { fee: '0.5' })], [fillOf('2', '100', 0)]), {
    fee: '-0.3',
    fill: '0',
    timing: '0',
  });
});

test('a fee that was taken out of what was bought counts at the mark', () => {
  const inBase = { fee: '0.002', feeTakenIn: 'base' } as const;
  assert.deepEqual(split([fillOf('2', '100', 0, inBase)], [fillOf('2', '100', 0)]), {
    fee: '-0.02',
    fill: '0',
    timing: '0',
  });
});
