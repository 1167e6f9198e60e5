import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openDatabase, type Db } from '@aistock/database';
import type { Bar } from '@aistock/market';
import { createLogger, createMetrics } from '@aistock/service-kit';
import { QualityThresholds, StreamDifferences } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { SourceError, type BarSource, type FetchedBars } from '@aistock/venues';
import { noteStream } from '../market-store.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { compareSources, type CompareSources } from './compare-sources.ts';
import { comparisonMetrics } from './comparison-metrics.ts';
import { streamDifferences } from './difference-store.ts';

const STEP_MS = 60_000;
const NOW_MS = 1_000_000 * STEP_MS;
/** Bars of a page at the other source. */
const PAGE_BARS = 3;

let database: TestDatabase;
let db: Db;
before(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url('data_ingester'), applicationName: 'test' });
});
after(async () => {
  await db.destroy();
  await database.drop();
});

const bar = (i: number, values: Partial<Bar> = {}): Bar => ({
  openMs: i * STEP_MS,
  open: '100',
  high: '200',
  low: '50',
  close: '100',
  volume: '10',
  ...values,
});

/** Gives these bars in short pages; its clock stands where it is told. */
function otherSource(bars: readonly Bar[], more: Partial<BarSource> = {}): BarSource {
  return {
    name: 'other',
    tradesOnly: false,
    clockMs: () => Promise.resolve(NOW_MS),
    fetchBars: ({ sinceMs = 0, limit }): Promise<FetchedBars> => {
      const found = bars.filter(({ openMs }) => openMs >= sinceMs);
      const page = found.slice(0, Math.min(limit, PAGE_BARS));
      return Promise.resolve({
        source: 'other',
        bars: page,
        more: page.length < found.length,
        provenance: [],
      });
    },
    ...more,
  };
}

async function streamAgainst(instrument: string, against: BarSource): Promise<ConfiguredStream> {
  const stream: ConfiguredStream = {
    stream: `mine:${instrument}:1m`,
    source: 'mine',
    instrument,
    timeframe: '1m',
    calendar: 'always',
    gapMeaning: 'session',
    facts: { feed: null, adjustment: null, session: null, tickSize: null },
    configHash: null,
    from: against,
    fromFile: false,
    startMs: undefined,
    chunkBars: 100,
    quality: QualityThresholds.parse({}),
    schedule: undefined,
    budget: undefined,
    compare: { against, toleranceBps: 10 },
  };
  await db.transaction().execute((trx) => noteStream(trx, stream));
  return stream;
}

const metrics = createMetrics('test');
const observe = comparisonMetrics(metrics);
const logger = createLogger({ service: 'data_ingester', level: 'silent' });
const start = (): CompareSources => compareSources({ db, clock: { nowMs: () => NOW_MS }, observe, logger });

async function compared(stream: ConfiguredStream, bars: readonly Bar[], source = 'mine') {
  const comparisons = start();
  comparisons.registered({ stream, source, sinceMs: bars[0]!.openMs, bars });
  await comparisons.idle();
  return StreamDifferences.parse(await streamDifferences(db, stream.stream));
}

test('what differs is counted by day with the worst bar, over several chunks and pages', async () => {
  const theirs = [0, 1, 2, 4, 5, 6, 7, 8].map((i) => bar(i, i === 6 ? { close: '102', volume: '20' } : {}));
  const stream = await streamAgainst('BTC/USDT', otherSource(theirs));
  await compared(
    stream,
    [0, 1, 2, 3, 5].map((i) => bar(i)),
  );
  const { comparisons, differences } = await compared(
    stream,
    [6, 7, 8, 9].map((i) => bar(i)),
  );
  assert.deepEqual(comparisons, [
    {
      against: 'other',
      compared_bars: 7,
      undecided_bars: 1,
      skipped_bars: 0,
      last_problem: null,
      differing_bars: { price: 1, volume: 1, missing_here: 1, missing_there: 1 },
    },
  ]);
  const at = (kind: string) => differences.find((each) => each.kind === kind);
  const bps = (2 / 102) * 10_000;
  assert.deepEqual(at('price'), {
    against: 'other',
    kind: 'price',
    day_ms: 0,
    bars: 1,
    worst: { open_ms: 6 * STEP_MS, value: { field: 'close', bps, ours: '100', theirs: '102' } },
  });
  assert.deepEqual(at('missing_here')?.worst, { open_ms: 4 * STEP_MS, value: null });
  assert.deepEqual(at('missing_there')?.worst, { open_ms: 3 * STEP_MS, value: null });

  const page = await metrics.registry.metrics();
  assert.match(page, /compare_bars_total\{[^}]*outcome="compared"[^}]*\} 7/);
  assert.match(page, /compare_bars_differing_total\{[^}]*kind="price"[^}]*\} 1/);
});

test('of two chunks of a day the worse bar is shown, whichever comes first', async () => {
  const theirs = [bar(0, { close: '101' }), bar(1, { close: '110' }), bar(2, { close: '102' }), bar(3)];
  const stream = await streamAgainst('ETH/USDT', otherSource(theirs));
  for (const i of [0, 1, 2]) await compared(stream, [bar(i)]);
  const { differences } = await compared(stream, [bar(3)]);
  assert.deepEqual(
    differences.map(({ bars, worst }) => [bars, worst.open_ms, worst.value?.theirs]),
    [[3, STEP_MS, '110']],
  );
});

test('their open bar says nothing, nor does a bar that is missing where only trades make bars', async () => {
  const theirs = otherSource([bar(0), bar(2), bar(3, { close: '150' })], {
    tradesOnly: true,
    clockMs: () => Promise.resolve(4 * STEP_MS - 1),
  });
  const stream = await streamAgainst('LTC/USDT', theirs);
  const { comparisons, differences } = await compared(
    stream,
    [0, 1, 2, 3].map((i) => bar(i)),
  );
  assert.deepEqual([comparisons[0]?.compared_bars, comparisons[0]?.undecided_bars], [2, 1]);
  assert.deepEqual(differences, []);
});

test('a source that cannot be asked skips the bars and says why; the next chunk is compared', async () => {
  let isAway = true;
  const well = otherSource([bar(0), bar(1)]);
  const stream = await streamAgainst('XRP/USDT', {
    ...well,
    fetchBars: (request) =>
      isAway ? Promise.reject(new SourceError('source_unreachable', 'no answer')) : well.fetchBars(request),
  });
  const { comparisons } = await compared(stream, [bar(0)]);
  assert.equal(comparisons[0]?.skipped_bars, 1);
  assert.deepEqual(comparisons[0]?.last_problem, { detail: 'source_unreachable: no answer', at_ms: NOW_MS });
  isAway = false;
  assert.equal((await compared(stream, [bar(1)])).comparisons[0]?.compared_bars, 1);
});

test('bars are not compared with themselves', async () => {
  const stream = await streamAgainst('SOL/USDT', otherSource([bar(0)]));
  const { comparisons } = await compared(stream, [bar(0)], 'other');
  assert.deepEqual([comparisons[0]?.compared_bars, comparisons[0]?.skipped_bars], [0, 1]);
});

test('stopping does not wait for the other source; what waits is noted as skipped', async () => {
  const asked = Promise.withResolvers<void>();
  const never = otherSource([], {
    fetchBars: () => {
      asked.resolve();
      return new Promise(() => undefined);
    },
  });
  const stream = await streamAgainst('ADA/USDT', never);
  const comparisons = start();
  for (const i of [0, 1, 2]) comparisons.registered({ stream, source: 'mine', sinceMs: 0, bars: [bar(i)] });
  await asked.promise;
  await comparisons.stopHook.run();
  assert.equal((await streamDifferences(db, stream.stream)).comparisons[0]?.skipped_bars, 3);
});

test('what was compared and noted is not held for as long as the service runs', async () => {
  const stream = await streamAgainst('UNI/USDT', otherSource([bar(0)]));
  const held: WeakRef<object>[] = [];
  const comparisons = compareSources({
    db,
    clock: { nowMs: () => NOW_MS },
    observe: (found) => held.push(new WeakRef(found)),
    logger,
  });
  for (const i of [0, 1, 2]) comparisons.registered({ stream, source: 'mine', sinceMs: 0, bars: [bar(i)] });
  await comparisons.idle();
  setFlagsFromString('--expose-gc');
  await setImmediate();
  (runInNewContext('gc') as () => void)();
  assert.deepEqual(
    held.map((each) => each.deref() === undefined),
    [true, true, true],
  );
  await comparisons.stopHook.run();
});

test('more bars than may wait are skipped', async () => {
  const never = otherSource([], { fetchBars: () => new Promise(() => undefined) });
  const stream = await streamAgainst('DOT/USDT', never);
  const comparisons = start();
  const bars = Array.from({ length: 150_000 }, (_, i) => bar(i));
  comparisons.registered({ stream, source: 'mine', sinceMs: 0, bars });
  comparisons.registered({ stream, source: 'mine', sinceMs: 0, bars });
  for (let known: StreamDifferences | undefined; known?.comparisons[0]?.skipped_bars !== 150_000;)
    known = await streamDifferences(db, stream.stream);
  await comparisons.stopHook.run();
  assert.equal((await streamDifferences(db, stream.stream)).comparisons[0]?.skipped_bars, 300_000);
});
