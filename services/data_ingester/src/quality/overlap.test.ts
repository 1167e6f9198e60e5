import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { QualityThresholds } from '@aistock/shared';
import type { FetchedBars } from '@aistock/venues';
import { overlapFrom, requestSince, splitAt } from './overlap.ts';

const HOUR_MS = 3_600_000;
const at = (text: string): number => Date.parse(`${text}Z`);
type Asked = Parameters<typeof requestSince>[0];
const stream = (change: Partial<Asked> = {}): Asked => ({
  timeframe: '1h',
  calendar: 'xnys',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
  fromFile: false,
  startMs: 5,
  chunkBars: 100,
  quality: QualityThresholds.parse({}),
  ...change,
});
const bar = (openMs: number): Bar => ({ openMs, open: '1', high: '1', low: '1', close: '1', volume: '1' });
const MONDAY = at('2024-07-08T14:00');

test('the last registered bars are those of the calendar, over a weekend too', () => {
  assert.equal(overlapFrom(stream(), MONDAY), at('2024-07-05T19:00'));
  const none = QualityThresholds.parse({ restate_bars: 0 });
  assert.equal(overlapFrom(stream({ quality: none }), MONDAY), undefined);
});

test('a stream that is up to date asks for them with the new ones, one that is far behind does not, nor one of a file', () => {
  const soon = MONDAY + 2 * HOUR_MS;
  const overlapMs = at('2024-07-05T19:00');
  assert.deepEqual(requestSince(stream(), MONDAY, soon), { sinceMs: overlapMs, limit: 100 });
  const onlyNew = { sinceMs: MONDAY + 1, limit: 100 };
  assert.deepEqual(requestSince(stream(), MONDAY, MONDAY + 101 * HOUR_MS), onlyNew);
  assert.deepEqual(requestSince(stream({ fromFile: true }), MONDAY, soon), onlyNew);
  assert.deepEqual(requestSince(stream(), null, soon), { sinceMs: 5, limit: 100 });
});

test('however small the chunk, a new bar fits in', () => {
  const request = requestSince(stream({ chunkBars: 1 }), MONDAY, MONDAY + HOUR_MS / 2);
  assert.equal(request.limit, 4);
});

test('what lies up to the watermark is old, in whatever order it comes; a time that is none is new', () => {
  const bars = [8, 12, 9, 10, Number.NaN, 11].map(bar);
  const fetched: FetchedBars = { source: 'x', bars, more: true, provenance: [] };
  const { next, again } = splitAt(fetched, 8, 10);
  assert.deepEqual(again, [8, 9, 10].map(bar));
  assert.deepEqual(next, { ...fetched, bars: [12, Number.NaN, 11].map(bar) });
  assert.deepEqual(splitAt(fetched, 11, 10).again, []);
  assert.deepEqual(splitAt(fetched, 0, null).again, []);
});
