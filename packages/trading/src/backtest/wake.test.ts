import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BarSeries } from '../bars/index.ts';
import {
  BAR_MS,
  barOf,
  enter,
  HOLD,
  oneSlot,
  PARAMS,
  scripted,
  signal,
  stream,
} from '../core/desk.fixture.ts';
import { DEFAULT_ORDERS } from '../core/index.ts';
import { runBacktest } from './index.ts';

/** The first bar of 5 March 2024 in New York, and when its session ends. */
const OPEN_MS = Date.UTC(2024, 2, 5, 14, 30);
const END_MS = Date.UTC(2024, 2, 5, 21);
const FLATTEN_MS = END_MS - 3 * BAR_MS;

/** Buys at the first bar and holds; what the log says of bars that open at these times. */
function decided(opens: readonly number[], untilMs?: number) {
  const streams = [stream('SPY', { calendar: 'xnys' })];
  const strategy = scripted(({ legs: [{ position }] }) => (position ? HOLD : signal('up', enter())));
  const orders = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 15 * 60_000 };
  const lines: string[] = [];
  const result = runBacktest({
    setup: { ...oneSlot(strategy, { streams, orders }), currency: 'USD' },
    series: new Map([
      [streams[0]!.id, { series: BarSeries.of(opens.map((openMs) => barOf(openMs, 100))), warmUp: 0 }],
    ]),
    costs: {
      fees: { maker_bps: 0, taker_bps: 0, taken_in: 'quote' },
      spread: { type: 'bps', bps: 0 },
      slippage: { type: 'fixed', bps: 0 },
      latency_ms: 0,
      participation_max: null,
    },
    answers: {
      regimeAt: () => ({ regime: null, missing: 'none' }),
      paramsAt: () => ({ params: PARAMS, missing: null }),
    },
    ...(untilMs === undefined ? {} : { untilMs }),
    record: (line) => lines.push(line),
  });
  const told = lines.map((line) => JSON.parse(line) as { at_ms: number; reasons: string[] });
  return { result, told: told.map(({ at_ms: atMs, reasons }) => [(atMs - OPEN_MS) / BAR_MS, ...reasons]) };
}

const at = (ms: number) => (ms - OPEN_MS) / BAR_MS;
const EARLY = [OPEN_MS, OPEN_MS + BAR_MS];

test('on a day without a bar at the right time, what is held is left in the next one that comes', () => {
  const { told, result } = decided([...EARLY, END_MS - BAR_MS]);
  assert.deepEqual(told, [
    [1, 'up'],
    [2, 'waiting'],
    [at(FLATTEN_MS), 'flatten_before_close'],
    [at(END_MS), 'flatten_before_close'],
  ]);
  assert.deepEqual(
    result.trades.map(({ exitMs }) => exitMs >= FLATTEN_MS && exitMs < END_MS),
    [true],
  );
  assert.deepEqual([result.bars, result.closes, result.openAtEnd], [3, 3, false]);
});

test('a bar at that time decides as it did', () => {
  const { told } = decided([...EARLY, FLATTEN_MS - BAR_MS]);
  assert.deepEqual(told.at(-1), [at(FLATTEN_MS), 'flatten_before_close']);
  assert.equal(told.length, 3);
});

test('after the last bar the clock decides only as far as was asked for', () => {
  assert.equal(decided(EARLY).told.length, 2);
  assert.equal(decided(EARLY, FLATTEN_MS - 1).told.length, 2);
  assert.deepEqual(decided(EARLY, FLATTEN_MS).told.at(-1), [at(FLATTEN_MS), 'flatten_before_close']);
});
