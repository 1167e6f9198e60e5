import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { normaliseDecimal } from '@aistock/market';
import { defaultCsvFile } from '../src/default-data.ts';
import { allBars, createRig, csvRows, ingestAll, type Rig, type Running } from './rig.ts';

const STREAM = 'csv:SP500:1d';
const BARS = 5_105;

let rig: Rig;
let running: Running;
before(async () => {
  rig = await createRig();
  running = await rig.start();
});
after(() => rig.close());

test('the S&P 500 comes in chunks and is served as in the file, to the last digit', async () => {
  const { client } = running;
  const results = await ingestAll(client, STREAM);
  assert.deepEqual(
    results.map(({ status, accepted, more }) => ({ status, accepted, more })),
    [1000, 1000, 1000, 1000, 1000, 105].map((accepted) => ({
      status: 'ingested',
      accepted,
      more: accepted === 1000,
    })),
  );
  const rows = await csvRows(defaultCsvFile());
  const bars = await allBars(client, STREAM, 777);
  assert.equal(bars.length, BARS);
  assert.deepEqual(
    bars.map((bar) => [bar.open, bar.high, bar.low, bar.close, bar.volume]),
    rows.map(([, open, high, low, close, , volume]) =>
      [open, high, low, close, volume].map((text) => normaliseDecimal(text!)),
    ),
  );
  const newYorkDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' });
  assert.deepEqual(
    bars.map((bar) => newYorkDay.format(bar.open_ms)),
    rows.map(([date]) => date),
  );
});

test('the same again changes nothing', async () => {
  const { client } = running;
  const files = await client.files({ query: {} });
  const [again] = (await client.ingestOnce()).streams;
  assert.equal(again!.status, 'up_to_date');
  assert.equal(again!.watermark_ms, files.files.at(-1)!.last_open_ms);
  assert.deepEqual(await client.files({ query: {} }), files);
});

test('streams, files and quality tell what is there', async () => {
  const { client } = running;
  const { streams } = await client.streams();
  assert.equal(streams.length, 1);
  assert.deepEqual(
    { ...streams[0], watermark_ms: 0, first_open_ms: 0, last_open_ms: 0, source_range: 0 },
    {
      stream: STREAM,
      source: 'csv',
      instrument: 'SP500',
      timeframe: '1d',
      calendar: 'xnys',
      watermark_ms: 0,
      bars: BARS,
      first_open_ms: 0,
      last_open_ms: 0,
      files: { downloaded: 6, processing: 0, processed: 0, quarantined: 0, failed: 0 },
      gaps: 0,
      source_range: 0,
    },
  );
  assert.deepEqual(streams[0]!.source_range, {
    first_open_ms: streams[0]!.first_open_ms,
    last_open_ms: streams[0]!.last_open_ms,
  });
  const quality = await client.quality({ params: { id: STREAM } });
  assert.equal(quality.verdict, 'pass');
  assert.equal(quality.expected_bars, BARS);
  assert.equal(quality.missing_bars, 0);
});

test('no bar is served before its session has closed', async () => {
  const { client } = running;
  const closedMs = Date.UTC(2018, 11, 31, 21);
  const newest = async (asOfMs: number): Promise<number> => {
    const query = { stream: STREAM, newest: 'true', limit: '1', as_of_ms: String(asOfMs) } as const;
    return (await client.bars({ query })).bars[0]!.open_ms;
  };
  assert.equal(await newest(closedMs), Date.UTC(2018, 11, 31, 5));
  assert.equal(await newest(closedMs - 1), Date.UTC(2018, 11, 28, 5));
});

test('the newest bar, with time going through history, is answered within a few milliseconds', async () => {
  const { client } = running;
  const { bars } = await client.bars({ query: { stream: STREAM, limit: '300' } });
  const durations: number[] = [];
  for (const bar of bars) {
    const startMs = performance.now();
    await client.bars({
      query: { stream: STREAM, newest: 'true', limit: '1', as_of_ms: String(bar.open_ms + 86_400_000) },
    });
    durations.push(performance.now() - startMs);
  }
  const p95 = durations.toSorted((a, b) => a - b)[Math.floor(durations.length * 0.95)]!;
  assert.ok(p95 < 100, `p95 is ${p95} ms`);
});

test('each file has its event on the record, in the order of registration', async () => {
  const events = await rig.database.db
    .selectFrom('audit.outbox')
    .select(['kind', 'subject', 'service', 'payload'])
    .orderBy('outbox_id')
    .execute();
  const { files } = await running.client.files({ query: {} });
  assert.deepEqual(
    events.map(({ kind, subject, service, payload }) => [kind, subject, service, JSON.parse(payload).sha256]),
    files.map(({ stream, sha256 }) => ['file.registered', stream, 'data_ingester', sha256]),
  );
});

test('an unknown stream is told with the known ones', async () => {
  const { client } = running;
  const unknown = { problem: { code: 'stream_unknown' }, status: 404, message: /csv:SP500:1d/ };
  const rejected = async (call: Promise<unknown>): Promise<void> => {
    await assert.rejects(call, (error: { problem: { code: string }; status: number; message: string }) => {
      assert.equal(error.problem.code, unknown.problem.code);
      assert.equal(error.status, unknown.status);
      assert.match(error.message, unknown.message);
      return true;
    });
  };
  await rejected(client.bars({ query: { stream: 'csv:OTHER:1d' } }));
  await rejected(client.quality({ params: { id: 'csv:OTHER:1d' } }));
  await rejected(client.files({ query: { stream: 'csv:OTHER:1d' } }));
  await rejected(client.ingestOnce({ body: { streams: ['csv:OTHER:1d'] } }));
});

test('a file of bars that is gone is told, and never a shorter answer', async () => {
  await rm(join(rig.folder, 'lake', 'curated'), { recursive: true });
  const fresh = await rig.start();
  await assert.rejects(fresh.client.bars({ query: { stream: STREAM } }), {
    status: 500,
    message: /lake_damaged/,
  });
});
