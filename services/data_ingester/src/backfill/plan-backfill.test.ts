import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityThresholds } from '@aistock/shared';
import type { BarSource } from '@aistock/venues';
import type { ConfiguredStream } from '../stream-spec.ts';
import { planStream } from './plan-backfill.ts';

const MINUTE_MS = 60_000;
const NOTHING = { firstMs: null, watermarkMs: null };
const WANTED = { sinceMs: 0, untilMs: 100_000 * MINUTE_MS };
const unused = (): Promise<never> => Promise.reject(new Error('the source is not asked here'));
const from: BarSource = { name: 'test', tradesOnly: false, clockMs: unused, fetchBars: unused };
const STREAM: ConfiguredStream = {
  stream: 'test:BTC/USDT:1m',
  source: 'test',
  instrument: 'BTC/USDT',
  timeframe: '1m',
  calendar: 'always',
  gapMeaning: 'session',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
  configHash: null,
  from,
  fromFile: false,
  startMs: undefined,
  chunkBars: 1_000,
  quality: QualityThresholds.parse({}),
  schedule: undefined,
  compare: undefined,
  budget: {
    windows: [{ windowMs: MINUTE_MS, weightMax: 100 }],
    shares: { cancel: 1, order: 1, query: 1, data: 0.5 },
  },
};

test('an empty stream takes all bars, a clock and a page a chunk, and the time of the slowest limit', () => {
  assert.deepEqual(planStream(STREAM, WANTED, NOTHING), {
    stream: STREAM.stream,
    bars: 100_000,
    requests: 200,
    seconds: 7 * 60,
  });
});

test('only what is missing before and after what is there counts', () => {
  const held = { firstMs: 40_000 * MINUTE_MS, watermarkMs: 59_999 * MINUTE_MS };
  assert.equal(planStream(STREAM, WANTED, held).bars, 80_000);
  const all = { firstMs: -1, watermarkMs: WANTED.untilMs };
  assert.deepEqual(planStream(STREAM, WANTED, all), {
    stream: STREAM.stream,
    bars: 0,
    requests: 0,
    seconds: 0,
  });
});

test('files take no requests, and no limit means no time', () => {
  const file = { ...STREAM, fromFile: true, budget: undefined };
  assert.deepEqual(planStream(file, WANTED, NOTHING), {
    stream: STREAM.stream,
    bars: 100_000,
    requests: 0,
    seconds: null,
  });
  assert.equal(planStream({ ...STREAM, budget: undefined }, WANTED, NOTHING).seconds, null);
});
