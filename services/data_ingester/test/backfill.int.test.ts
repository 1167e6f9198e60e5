// The promise: a backfill ends with every bar that the venue has between the two times, whoever dies meanwhile.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Backfill } from '@aistock/shared';
import { generatedSeries, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { allBars, createRig, ingestAll, type IngesterClient, type Rig } from './rig.ts';
import { spawnService, until } from './spawned-service.ts';

const MINUTE_MS = 60_000;
const LISTED_MS = Date.UTC(2024, 0, 1);
const BARS = 6_000;
const END_MS = LISTED_MS + BARS * MINUTE_MS;
const PAIRS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'];

let rig: Rig;
let venue: VenueSim;
before(async () => {
  rig = await createRig();
  venue = await startVenueSim({
    markets: PAIRS.map((instrument, seed) => ({
      venue: 'binance',
      instrument,
      bars: generatedSeries({ seed, timeframe: '1m', startMs: LISTED_MS, bars: BARS + 100 }),
    })),
    clock: venueClock({ nowMs: END_MS, rate: 0, realMs: () => performance.now() }),
  });
});
after(async () => {
  await rig.close();
  await venue.stop();
});

/** Streams of a name of their own, so that each test begins with none. */
async function configured(name: string, chunkBars = 500, more = ''): Promise<Record<string, string>> {
  const file = join(rig.folder, `${name}.yaml`);
  await mkdir(join(rig.folder, name), { recursive: true });
  await writeFile(
    file,
    `sources:
  ${name}: { kind: ccxt, exchange: binance, origin: '${venue.url}' }
streams:
  - sources: [${name}]
    instruments: [${PAIRS.join(', ')}]
    timeframes: [1m]
    start: ${LISTED_MS + 4_000 * MINUTE_MS}
    chunk_bars: ${chunkBars}
${more}`,
  );
  return { SOURCES_FILE: file, LAKE_DIR: join(rig.folder, name) };
}

async function ended(client: IngesterClient, id: string): Promise<Backfill> {
  let backfill = await client.backfill({ params: { backfill_id: id } });
  await until(async () => {
    backfill = await client.backfill({ params: { backfill_id: id } });
    return backfill.status !== 'running';
  });
  return backfill;
}

async function assertEqualsTruth(client: IngesterClient, name: string, fromMs: number): Promise<void> {
  for (const pair of PAIRS) {
    const stream = `${name}:${pair}:1m`;
    const served = await allBars(client, stream);
    const truth = [...venue.truth.bars(`binance:${pair}:1m`, { fromMs, toMs: END_MS })].map(
      ({ openMs, ...bar }) => ({ open_ms: openMs, ...bar }),
    );
    assert.equal(served.length, truth.length, stream);
    assert.deepEqual(served, truth);
    const { missing_bars } = await client.quality({ params: { id: stream } });
    assert.equal(missing_bars, 0);
  }
}

const start = async (
  client: IngesterClient,
  body: { since_ms: number; until_ms?: number; streams?: string[] },
) => (await client.startBackfill({ body: { until_ms: END_MS, ...body } })).backfill_id!;

test('empty streams are filled from the wanted start to the wanted end', async () => {
  const { client } = await rig.start(await configured('empty'));
  const sinceMs = LISTED_MS + 3_000 * MINUTE_MS;
  const { plan, ...dry } = await client.startBackfill({
    body: { since_ms: sinceMs, until_ms: END_MS, dry_run: true },
  });
  assert.deepEqual(dry, { backfill_id: null, since_ms: sinceMs, until_ms: END_MS });
  assert.deepEqual(
    plan.map(({ bars, requests }) => [bars, requests]),
    PAIRS.map(() => [3_000, 12]),
  );
  assert.deepEqual((await client.backfills({ query: {} })).backfills, []);

  const backfill = await ended(client, await start(client, { since_ms: sinceMs }));
  assert.deepEqual([backfill.status, backfill.bars_done, backfill.bars_total], ['done', 9_000, 9_000]);
  assert.ok(backfill.streams.every(({ status, problem }) => status === 'done' && problem === null));
  await assertEqualsTruth(client, 'empty', sinceMs);
});

test('history before the first bar is fetched back to where the venue begins, newest first', async () => {
  const { client } = await rig.start(await configured('back'));
  for (const pair of PAIRS) await ingestAll(client, `back:${pair}:1m`, LISTED_MS + 5_000 * MINUTE_MS);
  const marks = (await client.streams()).streams.map(({ watermark_ms }) => watermark_ms);
  const backfill = await ended(client, await start(client, { since_ms: Date.UTC(2023, 0, 1) }));
  assert.equal(backfill.status, 'done', JSON.stringify(backfill.streams));
  assert.ok(backfill.streams.every(({ from_ms }) => from_ms === LISTED_MS));
  await assertEqualsTruth(client, 'back', LISTED_MS);
  const { files } = await client.files({ query: { stream: 'back:BTC/USDT:1m' } });
  const firsts = files.map(({ first_open_ms }) => first_open_ms!);
  const earlier = firsts.filter((firstMs) => firstMs < LISTED_MS + 4_000 * MINUTE_MS);
  assert.equal(earlier.length, 8);
  assert.deepEqual(
    earlier,
    earlier.toSorted((a, b) => b - a),
  );
  const later = (await client.streams()).streams.map(({ watermark_ms }) => watermark_ms);
  assert.ok(later.every((mark, index) => mark! >= marks[index]!));
});

test('a process that is killed leaves the rest to another one', async () => {
  const env = await configured('killed', 100);
  const { child, client } = await spawnService(rig, env);
  const id = await start(client, { since_ms: LISTED_MS });
  await until(async () => (await client.backfill({ params: { backfill_id: id } })).bars_done > 1_000);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = (await rig.start(env)).client;
  const interrupted = await next.backfill({ params: { backfill_id: id } });
  assert.equal(interrupted.status, 'running');
  assert.ok(interrupted.bars_done < interrupted.bars_total);
  const backfill = await ended(next, id);
  assert.equal(backfill.status, 'done', JSON.stringify(backfill.streams));
  await assertEqualsTruth(next, 'killed', LISTED_MS);
});

test('two processes share the streams, and each bar comes once', async () => {
  const env = await configured('shared', 200);
  const [one, two] = await Promise.all([rig.start(env), rig.start(env)]);
  const backfill = await ended(two.client, await start(one.client, { since_ms: LISTED_MS }));
  assert.equal(backfill.status, 'done', JSON.stringify(backfill.streams));
  await assertEqualsTruth(one.client, 'shared', LISTED_MS);
});

test('schedules, requests and a backfill of two processes at once give each bar once', async () => {
  const env = await configured('crowded', 300, '    schedule: { delay_s: 5 }\n');
  const clients = (await Promise.all([rig.start(env), rig.start(env)])).map(({ client }) => client);
  const id = await start(clients[0]!, { since_ms: LISTED_MS });
  const asked = clients.flatMap((client) =>
    Array.from({ length: 6 }, () => client.ingestOnce({ body: { until_ms: END_MS } })),
  );
  const results = (await Promise.all(asked)).flatMap(({ streams }) => streams);
  assert.deepEqual(
    results.filter(({ problem }) => problem !== null),
    [],
  );
  const backfill = await ended(clients[1]!, id);
  assert.equal(backfill.status, 'done', JSON.stringify(backfill.streams));
  await assertEqualsTruth(clients[0]!, 'crowded', LISTED_MS);
});

test('a stream is in one open backfill, which ends when it is cancelled', async () => {
  const { client } = await rig.start(await configured('cancelled', 50));
  const id = await start(client, { since_ms: LISTED_MS });
  const again = start(client, { since_ms: LISTED_MS, streams: ['cancelled:BTC/USDT:1m'] });
  await assert.rejects(again, (error: Error & { problem: { code: string; detail: string } }) => {
    assert.equal(error.problem.code, 'backfill_running');
    return error.problem.detail.includes(id);
  });
  const cancelled = await client.cancelBackfill({ params: { backfill_id: id } });
  assert.equal(cancelled.status, 'cancelled');
  await ended(
    client,
    await start(client, { since_ms: END_MS - MINUTE_MS, streams: ['cancelled:ETH/USDT:1m'] }),
  );
  const last = await client.backfill({ params: { backfill_id: id } });
  assert.deepEqual(
    last.streams.map(({ status }) => status),
    ['cancelled', 'cancelled', 'cancelled'],
  );
});

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { problem: { code: string } }) => error.problem.code,
  );

test('what cannot be fetched is told by stream, and what is unknown is refused', async () => {
  const { client } = await rig.start(await configured('refused'));
  assert.equal(
    await code(start(client, { since_ms: LISTED_MS, streams: ['no:BTC/USDT:1m'] })),
    'stream_unknown',
  );
  assert.equal(await code(start(client, { since_ms: END_MS, until_ms: LISTED_MS })), 'invalid_request');
  assert.equal(
    await code(start(client, { since_ms: Date.now() + 1e9, until_ms: Date.now() + 2e9 })),
    'invalid_request',
  );
  const unknown = { params: { backfill_id: '00000000-0000-4000-8000-000000000000' } };
  assert.equal(await code(client.backfill(unknown)), 'backfill_unknown');
  assert.equal(await code(client.cancelBackfill(unknown)), 'backfill_unknown');
});

test('streams of a venue that does not answer keep no others from theirs', async () => {
  const file = join(rig.folder, 'held-up.yaml');
  await writeFile(
    file,
    `sources:
  dead: { kind: ccxt, exchange: binance, origin: 'http://127.0.0.1:1' }
  live: { kind: ccxt, exchange: binance, origin: '${venue.url}' }
streams:
  - { sources: [dead], instruments: [${PAIRS.join(', ')}], timeframes: [1m, 5m] }
  - { sources: [live], instruments: [BTC/USDT], timeframes: [1m] }
`,
  );
  const { client } = await rig.start({ SOURCES_FILE: file, LAKE_DIR: join(rig.folder, 'held-up') });
  const id = await start(client, { since_ms: END_MS - 60 * MINUTE_MS });
  const live = async () =>
    (await client.backfill({ params: { backfill_id: id } })).streams.find(({ stream }) =>
      stream.startsWith('live'),
    );
  const startMs = performance.now();
  await until(async () => (await live())?.status === 'done');
  assert.ok(performance.now() - startMs < 10_000, `${performance.now() - startMs} ms`);
  await client.cancelBackfill({ params: { backfill_id: id } });
});
