import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Backfill } from '@aistock/shared';
import { duration, progressLine } from './progress-line.ts';

const stream = (status: Backfill['streams'][number]['status']): Backfill['streams'][number] => ({
  stream: 'binance:BTC/USDT:1m',
  status,
  bars_done: 0,
  bars_total: 0,
  from_ms: null,
  problem: null,
});
const backfill: Backfill = {
  backfill_id: '00000000-0000-4000-8000-000000000000',
  status: 'running',
  since_ms: 0,
  until_ms: 1,
  created_ms: 0,
  bars_done: 2_500,
  bars_total: 10_000,
  bars_per_s: 1_250.4,
  seconds_left: 6,
  streams: [stream('done'), stream('running')],
};

test('the line says how much, how fast and how long', () => {
  assert.equal(
    progressLine(backfill),
    '[██████░░░░░░░░░░░░░░░░░░] 25 %, 2,500 of 10,000 bars, 1,250/s, 6 s left, 1 of 2 streams',
  );
});

test('without a rate there is no time left to tell, and nothing of nothing is no division by zero', () => {
  const still = { ...backfill, bars_done: 0, bars_total: 0, bars_per_s: 0, seconds_left: null };
  assert.equal(progressLine(still), '[░░░░░░░░░░░░░░░░░░░░░░░░] 0 %, 0 of 0 bars, 1 of 2 streams');
});

test('durations have two units', () => {
  assert.deepEqual([0, 0.2, 59, 60, 310, 3_600, 93_784].map(duration), [
    '0 s',
    '1 s',
    '59 s',
    '1 min',
    '5 min 10 s',
    '1 h',
    '1 d 2 h',
  ]);
});
