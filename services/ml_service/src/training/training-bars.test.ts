import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { windowBars } from './training-bars.ts';

const MINUTE_MS = 60_000;
const STREAM = 'binance:BTC/USDT:1m';

/** Serves `count` minutes, one bar each, as the contract says. */
function ingesterOf(count: number): { ingester: Client<typeof dataIngesterApi>; limits: number[] } {
  const limits: number[] = [];
  const bars: Client<typeof dataIngesterApi>['bars'] = async ({ query }) => {
    limits.push(Number(query.limit));
    const end = Math.min(count, Math.ceil(Number(query.to_ms) / MINUTE_MS));
    const start = Math.max(0, end - Number(query.limit));
    const page = Array.from({ length: end - start }, (_, index) => ({
      open_ms: (start + index) * MINUTE_MS,
      open: '1',
      high: '1',
      low: '1',
      close: '1',
      volume: '0',
    }));
    return { stream: STREAM, bars: page, next_from_ms: null };
  };
  return { ingester: { bars } as Client<typeof dataIngesterApi>, limits };
}

const windowTo = (minute: number, barsMax: number) => ({
  lastOpenMs: minute * MINUTE_MS,
  barsMax,
  asOfMs: 1e12,
});

test('the window is read backwards page by page and comes in order of time', async () => {
  const { ingester, limits } = ingesterOf(40_000);
  const bars = await windowBars(ingester, STREAM, windowTo(39_999, 25_000));
  assert.deepEqual(limits, [10_000, 10_000, 5_000]);
  assert.equal(bars.length, 25_000);
  bars.forEach((bar, index) => assert.equal(bar.openMs, (15_000 + index) * MINUTE_MS));
});

test('a stream that is shorter than the window gives all it has', async () => {
  const { ingester } = ingesterOf(10_000);
  assert.equal((await windowBars(ingester, STREAM, windowTo(9_999, 25_000))).length, 10_000);
});

test('the window ends with the last registered bar, or the run does not go on', async () => {
  const { ingester } = ingesterOf(500);
  const bars = await windowBars(ingester, STREAM, windowTo(299, 1_000));
  assert.equal(bars.at(-1)?.openMs, 299 * MINUTE_MS);
  await assert.rejects(windowBars(ingester, STREAM, windowTo(500, 1_000)), { code: 'bars_missing' });
  await assert.rejects(windowBars(ingesterOf(0).ingester, STREAM, windowTo(0, 1_000)), {
    code: 'bars_missing',
  });
});
