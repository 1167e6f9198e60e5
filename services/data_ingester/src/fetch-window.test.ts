import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CorporateAction } from '@aistock/market';
import { SourceError, type BarSource, type FetchedBars } from '@aistock/venues';
import { fetchWindow } from './fetch-window.ts';
import type { ConfiguredStream } from './stream-spec.ts';

const HOUR_MS = 3_600_000;
const bar = (openMs: number) => ({ openMs, open: '1', high: '1', low: '1', close: '1', volume: '1' });
const dividend = (exOpenMs: number): CorporateAction => ({ kind: 'dividend', exOpenMs, amount: '1' });

/** A source that gives these pages, one a request. */
function streamOf(pages: readonly Partial<FetchedBars>[]): ConfiguredStream {
  const left = [...pages];
  const from: BarSource = {
    name: 'a',
    tradesOnly: false,
    clockMs: () => Promise.resolve(100 * HOUR_MS),
    fetchBars: () => Promise.resolve({ source: 'a', bars: [], more: false, provenance: [], ...left.shift() }),
  };
  return { stream: 'a:X:1h', from, instrument: 'X', timeframe: '1h', chunkBars: 1 } as ConfiguredStream;
}

const PAGES = [
  { bars: [bar(0)], more: true, actions: [dividend(0)], unserved: [{ fromMs: 0, toMs: 1, why: 'gone' }] },
  { bars: [bar(HOUR_MS)], more: false },
];

test('a window has what every one of its pages told', async () => {
  const window = { fromMs: 0, toMs: 2 * HOUR_MS, requestsMax: 5 };
  const { fetched } = await fetchWindow(streamOf(PAGES), window);
  assert.ok(!(fetched instanceof SourceError));
  assert.deepEqual(
    fetched.bars.map(({ openMs }) => openMs),
    [0, HOUR_MS],
  );
  assert.deepEqual(fetched.actions, [dividend(0)]);
  assert.deepEqual(fetched.unserved, [{ fromMs: 0, toMs: 1, why: 'gone' }]);
});

test('pages of two sources are no window, nor are more than are allowed', async () => {
  const window = { fromMs: 0, toMs: 2 * HOUR_MS, requestsMax: 5 };
  const other = [PAGES[0]!, { ...PAGES[1]!, source: 'b' }];
  await assert.rejects(fetchWindow(streamOf(other), window), { code: 'source_unreachable' });
  await assert.rejects(fetchWindow(streamOf(PAGES), { ...window, requestsMax: 1 }), { code: 'source_stuck' });
});
