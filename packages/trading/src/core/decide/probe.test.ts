import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import { FIXED_SIZING } from '../../sizing/index.ts';
import { Desk, enter, leave, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import type { CoreSetup } from '../index.ts';

const KELLY = {
  ...FIXED_SIZING,
  kellyShare: 0.5,
  tradesMin: 1,
  updateEveryTrades: 1,
  priorTrades: 0,
  probeShare: 0.05,
};

/** What is decided with 900 left of 1000, after a trade that lost: half of it is wished for. */
function afterALoss(lotSize: string, notionalMin: string, changes: Partial<CoreSetup> = {}, price = 100) {
  const streams = [stream('BTC/USDT', { rules: [{ fromMs: 0, lotSize, tickSize: '0.01', notionalMin }] })];
  const strategy = scripted(({ legs: [{ position }] }) =>
    position ? signal('out', leave()) : signal('up', enter()),
  );
  const desk = new Desk(oneSlot(strategy, { streams, sizing: KELLY, ...changes }));
  desk.fill(desk.bar(100).orders[0]!, '100');
  desk.fill(desk.bar(80).orders[0]!, '80');
  const { orders, sizes, reasons } = desk.bar(price);
  return { quantity: orders[0]?.quantity, sizes, reasons };
}

test('a bad record leaves the least that can be ordered, where the wish would pay for it', () => {
  assert.equal(afterALoss('0.001', '5').quantity, '0.225'); // 5 % of the half of 900
  const { quantity, sizes } = afterALoss('1', '5');
  assert.equal(quantity, '1');
  assert.deepEqual(sizes, [{ leg: 0, fraction: 1 / 9, reasons: ['kelly_probe 0.025', 'probe_least'] }]);
  assert.equal(afterALoss('0.001', '30').quantity, '0.3');
});

test('nothing is probed beyond the wish, the limits or the policy', () => {
  assert.deepEqual(afterALoss('5', '5').reasons, ['up', 'size_below_lot']);
  const sizing = { ...KELLY, probeShare: 0 };
  assert.deepEqual(afterALoss('1', '5', { sizing }).reasons, ['up', 'kelly_no_edge']);
  const cut = { ...KELLY, drawdownCut: { from: 0.01, to: 0.11 } };
  assert.deepEqual(afterALoss('1', '5', { sizing: cut }).reasons, ['up', 'size_below_lot']);
});

test('a probe keeps within the limits', () => {
  const own = {
    price_stream: 'sim:BTC/USDT:5m',
    price_age_ms_max: 600_000,
    tick_size: '0.01',
    lot_size: '0.001',
    quantity_max: '1000',
    notional_min: '0',
    notional_max: '1000',
    collar_bps: 500,
    gross_notional_max: '1000',
  };
  const limits = (grossMax: string): Limits => ({
    account: 'paper',
    clock: 'wall',
    strategies: ['scripted'],
    restricted: [],
    duplicate_window_ms: 0,
    gross_notional_max: grossMax,
    instruments: { 'BTC/USDT': own },
  });
  const terms = { limits: limits('90') };
  assert.equal(afterALoss('0.5', '5', terms, 120).quantity, '0.5');
  assert.deepEqual(afterALoss('0.5', '5', terms, 200).reasons, ['up', 'size_below_lot']);
});
