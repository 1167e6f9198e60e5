import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bar } from '@aistock/market';
import { QualityThresholds } from '@aistock/shared';
import type { ConfiguredStream } from '../stream-spec.ts';
import { recheckRange } from './recheck-range.ts';

const STEP_MS = 60_000;
const bar = (i: number): Bar => ({
  openMs: i * STEP_MS,
  open: '1',
  high: '1',
  low: '1',
  close: '1',
  volume: '1',
});

/** A chain of sources, a bar a page: the second source gives all but the first. */
const stream: ConfiguredStream = {
  stream: 'pair:BTC/USDT:1m',
  source: 'pair',
  instrument: 'BTC/USDT',
  timeframe: '1m',
  calendar: 'always',
  gapMeaning: 'session',
  facts: { feed: null, adjustment: null, session: null, tickSize: null },
  configHash: null,
  from: {
    name: 'pair',
    tradesOnly: false,
    clockMs: () => Promise.resolve(10 * STEP_MS),
    fetchBars: ({ sinceMs = 0 }) => {
      const i = Math.ceil(sinceMs / STEP_MS);
      return Promise.resolve({
        source: i === 0 ? 'best' : 'spare',
        bars: [bar(i)],
        more: i < 3,
        provenance: [],
      });
    },
  },
  fromFile: false,
  startMs: undefined,
  chunkBars: 1,
  quality: QualityThresholds.parse({}),
  schedule: undefined,
  budget: undefined,
  compare: undefined,
};

test('bars of two sources are not compared as those of one: the range is to be asked for again', async () => {
  const keeper = {} as Parameters<typeof recheckRange>[0];
  await assert.rejects(recheckRange(keeper, stream, { from_ms: 0, to_ms: 4 * STEP_MS }), {
    name: 'ServiceError',
    status: 502,
    code: 'source_unreachable',
  });
});
