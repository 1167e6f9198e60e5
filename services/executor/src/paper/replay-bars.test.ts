import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { replayBars, type WorkingOrder } from './replay-bars.ts';

const TERMS = { feeBps: 0, slippageBps: 0 };
const RICH = { cash: '1000', quantity: '0' };

const bar = (openMs: number, open: string, low = open, high = open): Bar => ({
  openMs,
  open,
  high,
  low,
  close: open,
  volume: '1',
});

const buy: WorkingOrder = {
  brokerOrderId: 'a',
  side: 'buy',
  orderType: 'market',
  quantity: '2',
  limitPrice: null,
  timeInForce: 'day',
  placedMs: 100,
};
const limit = (limitPrice: string, timeInForce: WorkingOrder['timeInForce']): WorkingOrder => ({
  ...buy,
  orderType: 'limit',
  limitPrice,
  timeInForce,
});

test('a market order fills at the first open at or after it was placed, and once', () => {
  const { executions, holding } = replayBars(
    [buy],
    [bar(99, '1'), bar(100, '10'), bar(101, '20')],
    RICH,
    TERMS,
  );
  assert.deepEqual(executions, [
    { brokerOrderId: 'a', outcome: 'filled', fill: { price: '10', quantity: '2', fee: '0' }, filledMs: 100 },
  ]);
  assert.deepEqual(holding, { cash: '980', quantity: '2' });
});

test('without a bar nothing happens', () => {
  assert.deepEqual(replayBars([buy], [], RICH, TERMS), { executions: [], holding: RICH });
});

const NOT_FILLED = [{ brokerOrderId: 'a', outcome: 'expired', reason: 'not_filled' }];

test('an order for the day ends with the first bar after it; one good till cancelled waits', () => {
  const bars = [bar(100, '10'), bar(101, '5', '4')];
  assert.deepEqual(replayBars([limit('9', 'day')], bars, RICH, TERMS).executions, NOT_FILLED);
  const { executions } = replayBars([limit('9', 'gtc')], bars, RICH, TERMS);
  assert.deepEqual(
    executions.map((each) => each.outcome === 'filled' && each.filledMs),
    [101],
  );
});

test('an immediate limit takes the open or nothing, whatever the bar trades through later', () => {
  const through = [bar(100, '10', '5')];
  assert.deepEqual(replayBars([limit('9', 'ioc')], through, RICH, TERMS).executions, NOT_FILLED);
  assert.equal(replayBars([limit('9', 'day')], through, RICH, TERMS).executions[0]?.outcome, 'filled');
  assert.equal(replayBars([limit('10', 'ioc')], through, RICH, TERMS).executions[0]?.outcome, 'filled');
  const sell = { ...limit('11', 'ioc'), side: 'sell' as const };
  const long = { cash: '0', quantity: '2' };
  assert.deepEqual(replayBars([sell], [bar(100, '10', '10', '12')], long, TERMS).executions, NOT_FILLED);
});

test('a fill needs its cash when it happens: the older order takes it, the next one ends', () => {
  const orders = [buy, { ...buy, brokerOrderId: 'b' }];
  const { executions, holding } = replayBars(orders, [bar(100, '300')], RICH, TERMS);
  assert.deepEqual(
    executions.map((each) => [each.brokerOrderId, each.outcome === 'expired' ? each.reason : each.outcome]),
    [
      ['a', 'filled'],
      ['b', 'cash_short'],
    ],
  );
  assert.deepEqual(holding, { cash: '400', quantity: '2' });
});

test('what only reduces fills whatever the cash: a short that lost all can still be closed', () => {
  const { executions, holding } = replayBars(
    [buy],
    [bar(100, '300')],
    { cash: '500', quantity: '-2' },
    TERMS,
  );
  assert.equal(executions[0]?.outcome, 'filled');
  assert.deepEqual(holding, { cash: '-100', quantity: '0' });
});

test('a short needs twice its value', () => {
  const sell = { ...buy, side: 'sell' as const };
  const outcome = (cash: string) =>
    replayBars([sell], [bar(100, '300')], { cash, quantity: '0' }, TERMS).executions[0]?.outcome;
  assert.equal(outcome('600'), 'filled');
  assert.equal(outcome('599'), 'expired');
});
