import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '@aistock/shared';
import { BarCursor, BarSeries } from '../../bars/index.ts';
import { barOf, BAR_MS, Desk, enter, oneSlot, PARAMS, scripted, signal } from '../desk.fixture.ts';
import { barsSha256 } from './input-hashes.ts';
import { FIXED_SIZING } from '../../sizing/index.ts';

const strategy = scripted(({ legs: [{ position }] }) =>
  position ? { hold: 'holding' } : signal('up', enter()),
);

function lines(account: string, configId: string, spell: (price: string) => string): string[] {
  const desk = new Desk(oneSlot(strategy, { account }), { ...PARAMS, configId });
  const [order] = desk.bar(spell('100.5')).orders;
  desk.order(order!, 'WORKING');
  desk.fill(order!, spell('100.5'), { fee: spell('0.1'), fillId: account });
  desk.bar(spell('101'));
  return desk.lines;
}

test('a line is the same whatever the account, the random ids and the spelling of amounts', () => {
  const plainly = lines('backtest', 'one', (price) => price);
  const otherwise = lines('paper', 'another', (price) => (price.includes('.') ? `${price}0` : `${price}.00`));
  assert.deepEqual(otherwise, plainly);
});

test('a line tells what was known and what was decided', () => {
  const [first, second] = lines('backtest', 'one', (price) => price);
  const { inputs, ...line } = JSON.parse(first!) as { inputs: Record<string, unknown> };
  assert.deepEqual(Object.keys(inputs), ['bars', 'books', 'params', 'regime']);
  assert.deepEqual(line, {
    at_ms: BAR_MS,
    bar_open_ms: 0,
    cancels: [],
    equity: '1000',
    kind: 'slot',
    orders: [
      {
        extended_hours: false,
        instrument: 'BTC/USDT',
        leg: 'entry',
        limit_price: null,
        protection: null,
        quantity: '4.975',
        reduce_only: false,
        side: 'buy',
        stop_price: null,
        time_in_force: 'gtc',
        trail_bps: null,
        type: 'market',
      },
    ],
    params: { preset_id: 'usual', source: 'given', values: {} },
    positions: [],
    quality: ['pass'],
    reasons: ['up'],
    regime: { missing: 'none' },
    selected: true,
    seq: 1,
    signal: { confidence: 0.5, direction: 1, holding_bars: 1, reason: 'up', strength: 1 },
    sizes: [{ fraction: 0.5, leg: 0, reasons: [] }],
    slot: 'slot',
    stale: false,
    state: { firm: 'active', slot: 'active' },
    strategy: 'scripted',
  });
  const after = JSON.parse(second!) as { positions: unknown; reasons: unknown };
  assert.deepEqual(after.positions, [
    { average_price: '100.5', bars_held: 1, entry_ms: BAR_MS, instrument: 'BTC/USDT', quantity: '4.975' },
  ]);
  assert.deepEqual(after.reasons, ['holding']);
});

test('the hash of bars is of those that are looked back on, wherever the series begins', () => {
  const bars = [1, 2, 3, 4].map((price, index) => barOf(index * BAR_MS, price));
  const of = (from: number, shown: number, count: number) =>
    barsSha256(new BarCursor(BarSeries.of(bars.slice(from)), shown), count);
  assert.equal(of(0, 3, 2), of(1, 2, 2));
  assert.notEqual(of(0, 3, 2), of(0, 4, 2));
  assert.notEqual(of(0, 3, 2), of(0, 3, 3));
  assert.equal(of(0, 2, 9), of(0, 2, 2));
  const columns = [0, 1, 1, 1, 1, 100].map((value) => new Float64Array([value]));
  const bytes = Uint8Array.from(columns.flatMap((column) => [...new Uint8Array(column.buffer)]));
  assert.equal(of(0, 1, 1), sha256Hex(bytes));
});

test('the hash of the bars covers what sizing looks back on, and nothing before it', () => {
  const sizing = { ...FIXED_SIZING, volatilityTarget: 1, volatilityBars: 3 };
  const hashAfter = (...prices: readonly number[]) => {
    const desk = new Desk(oneSlot(strategy, { sizing }));
    for (const price of prices) desk.bar(price);
    const { inputs } = JSON.parse(desk.lines.at(-1)!) as { inputs: { bars: unknown } };
    return JSON.stringify(inputs.bars);
  };
  const told = hashAfter(90, 100, 101, 102, 103);
  assert.notEqual(hashAfter(90, 99, 101, 102, 103), told);
  assert.equal(hashAfter(80, 100, 101, 102, 103), told);
});
