import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { decideChunk, type ChunkContext } from './decide-chunk.ts';

const MINUTE_MS = 60_000;
const CONTEXT: ChunkContext = {
  timeframe: '1m',
  calendar: 'always',
  clockMs: 1_000 * MINUTE_MS,
  watermarkMs: null,
  faultyShareMax: 0.01,
};

function bar(minute: number, values: Partial<Bar> = {}): Bar {
  return {
    openMs: minute * MINUTE_MS,
    open: '10',
    high: '11',
    low: '9',
    close: '10',
    volume: '1',
    ...values,
  };
}

const minutes = (...numbers: number[]): Bar[] => numbers.map((minute) => bar(minute));
const sound = (count: number): Bar[] => minutes(...Array.from({ length: count }, (_, index) => index + 1));
const reasons = (decision: { rejected: readonly { reason: string; count: number }[] }): string =>
  decision.rejected.map(({ reason, count }) => `${reason} ${count}`).join(', ');

test('sound bars are registered, and what is missing since the watermark is told, not filled', () => {
  const decision = decideChunk(minutes(5, 6, 9), { ...CONTEXT, watermarkMs: 2 * MINUTE_MS });
  assert.ok(decision.kind === 'register');
  assert.deepEqual(decision.bars, minutes(5, 6, 9));
  assert.deepEqual(decision.gaps, [
    { fromMs: 3 * MINUTE_MS, toMs: 5 * MINUTE_MS, missingBars: 2 },
    { fromMs: 7 * MINUTE_MS, toMs: 9 * MINUTE_MS, missingBars: 2 },
  ]);
});

test('before the first bar nothing is missing', () => {
  const decision = decideChunk(minutes(5, 6), CONTEXT);
  assert.ok(decision.kind === 'register');
  assert.deepEqual(decision.gaps, []);
});

test('an open bar, a repeated one and an old one are left out, the rest is taken', () => {
  const decision = decideChunk(minutes(1, 2, 3, 3, 4, 5), {
    ...CONTEXT,
    watermarkMs: MINUTE_MS,
    clockMs: 5 * MINUTE_MS + 1,
  });
  assert.ok(decision.kind === 'register');
  assert.deepEqual(decision.bars, minutes(2, 3, 4));
  assert.equal(reasons(decision), 'open_bar 1, before_watermark 1, duplicate_identical 1');
});

test('a bar is taken from the very millisecond of its close', () => {
  assert.equal(decideChunk(minutes(5), { ...CONTEXT, clockMs: 6 * MINUTE_MS - 1 }).kind, 'nothing_new');
  assert.equal(decideChunk(minutes(5), { ...CONTEXT, clockMs: 6 * MINUTE_MS }).kind, 'register');
});

test('nothing new is no fault', () => {
  assert.deepEqual(decideChunk([], CONTEXT), { kind: 'nothing_new', rejected: [] });
});

test('one bar that cannot be makes the whole chunk untrusted', () => {
  const cases: [string, Bar[]][] = [
    ['bars_non_positive_price', [...minutes(1, 2), bar(3, { low: '-1' })]],
    ['bars_negative_volume', [...minutes(1, 2), bar(3, { volume: '-1' })]],
    ['bars_out_of_order', minutes(1, 3, 2)],
    ['bars_duplicate_conflicting', [...minutes(1, 2), bar(2, { close: '9.5' })]],
  ];
  for (const [code, bars] of cases) {
    const decision = decideChunk(bars, CONTEXT);
    assert.ok(decision.kind === 'quarantine', code);
    assert.equal(decision.code, code);
  }
});

test('faulty bars are left out while they are few, and refuse the chunk when they are not', () => {
  const faulty = [bar(500, { high: '9.5' }), bar(501, { close: 'NaN' })];
  const few = decideChunk([...sound(198), ...faulty], CONTEXT);
  assert.equal(few.kind, 'register');
  assert.equal(reasons(few), 'not_a_number 1, ohlc_inconsistent 1');
  const many = decideChunk([...sound(197), ...faulty], CONTEXT);
  assert.ok(many.kind === 'quarantine');
  assert.equal(many.code, 'bars_faulty');
});
