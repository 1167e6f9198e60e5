import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Limits } from '@aistock/shared';
import { FIXED_SIZING } from '../../sizing/index.ts';
import { Desk, enter, HOLD, oneSlot, scripted, signal, stream } from '../desk.fixture.ts';
import type { CoreSetup } from '../index.ts';

const streams = [stream('BTC/USDT'), stream('ETH/USDT')];
const BARS = 12;

/** Enters 0.4 of the equity in one leg and 0.2 in the other, once so many bars were seen. */
function apart(changes: Partial<CoreSetup>) {
  const both = [enter({ equityFraction: 0.4 }), enter({ leg: 1, side: 'sell', equityFraction: 0.2 })];
  const strategy = scripted(({ legs }) => (legs[0].bars.count === BARS ? signal('apart', ...both) : HOLD), {
    legs: 2,
  });
  const desk = new Desk(oneSlot(strategy, { streams, ...changes }));
  // The second moves twice as much as the first, and both end at 100.
  for (let bar = 1; bar < BARS; bar++) desk.bar(100 + (bar % 2), 100 + 2 * (bar % 2));
  return desk.bar(100, 100);
}

test('what cuts one leg cuts the other alike, or the hedge is none', () => {
  const { orders, sizes } = apart({ sizing: { ...FIXED_SIZING, volatilityTarget: 1, volatilityBars: 10 } });
  const [first, second] = sizes;
  assert.ok(second!.fraction < 0.1);
  assert.ok(Math.abs(first!.fraction - 2 * second!.fraction) < 1e-12);
  assert.equal(first!.reasons.at(-1), 'leg_ratio');
  assert.match(second!.reasons.join(), /^volatility_target [\d.]+$/);
  const [bought, sold] = orders.map(({ quantity }) => Number(quantity));
  assert.ok(Math.abs(bought! - 2 * sold!) < 0.002);
});

const own = (instrument: string) => ({
  price_stream: `sim:${instrument}:5m`,
  price_age_ms_max: 600_000,
  tick_size: '0.01',
  lot_size: '0.001',
  quantity_max: '1000',
  notional_min: '0',
  notional_max: '100000',
  collar_bps: 500,
  gross_notional_max: '100000',
});

test('legs that are entered together share what the limits leave the account', () => {
  const limits: Limits = {
    account: 'paper',
    clock: 'wall',
    strategies: ['scripted'],
    restricted: [],
    duplicate_window_ms: 0,
    gross_notional_max: '301',
    instruments: { 'BTC/USDT': own('BTC/USDT'), 'ETH/USDT': own('ETH/USDT') },
  };
  const { orders } = apart({ limits });
  assert.deepEqual(
    orders.map(({ quantity }) => quantity),
    ['2.006', '1.003'],
  );
});
