// The promise: bars that cannot be believed are kept with their reason and change nothing else.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { folderLake, nodeDisk, type Disk } from '@aistock/lake';
import { createClient, operationsApi } from '@aistock/shared';
import { createRig, ingestAll, type Rig, type Running } from './rig.ts';

const STREAM = 'csv:TEST/USDT:1m';
const HEADER = 'timestamp,open,high,low,close,volume';
const MINUTE_MS = 60_000;
const row = (minute: number, rest = '10,11,9,10,1'): string => `${minute * MINUTE_MS},${rest}`;
const csv = (...rows: string[]): string => [HEADER, ...rows, ''].join('\n');
const SOUND = csv(row(1), row(2), row(3));

let rig: Rig;
let running: Running;
let series: string;
before(async () => {
  rig = await createRig();
  const folder = join(rig.folder, 'bars');
  series = join(folder, 'TEST-USDT');
  await mkdir(series, { recursive: true });
  await put(SOUND);
  running = await rig.start({ CSV_DIR: folder });
  await ingestAll(running.client, STREAM);
});
after(() => rig.close());
afterEach(() => put(SOUND));

/** Puts the one file that the stream is read from. */
async function put(content: string | Uint8Array, packed = false): Promise<void> {
  await rm(join(series, packed ? '1m.csv' : '1m.csv.gz'), { force: true });
  await writeFile(join(series, packed ? '1m.csv.gz' : '1m.csv'), content);
}

async function quarantined(): Promise<{ name: string; text: string }[]> {
  const folder = join(rig.folder, 'lake', 'quarantine');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ name, parentPath }) => ({
      name,
      text: await readFile(join(parentPath, name), 'utf8'),
    })),
  );
}

async function recorded() {
  const { files } = await running.client.files({ query: {} });
  const events = await rig.database.db.selectFrom('audit.outbox').select(['kind']).execute();
  const { streams } = await running.client.streams();
  return {
    registered: files.filter(({ status }) => status !== 'quarantined'),
    quarantined: files.filter(({ status }) => status === 'quarantined'),
    events: events.map(({ kind }) => kind),
    watermarkMs: streams[0]!.watermark_ms,
  };
}

const MALFORMED: [name: string, content: string | Uint8Array, code: string, detail: RegExp][] = [
  ['wrong header', 'time,o,h,l,c,v\n1,2,3,4,5,6\n', 'malformed_data', /header/],
  ['a column missing', 'timestamp,open,high,low,close\n', 'malformed_data', /volume/],
  ['text in a number', csv(row(4), row(5, '10,eleven,9,10,1')), 'malformed_data', /line 3, field high/],
  ['a row cut off', `${csv(row(4))}${5 * MINUTE_MS},10,11`, 'malformed_data', /line 3/],
  ['an empty file', '', 'malformed_data', /empty/],
  ['unordered', csv(row(4), row(6), row(5)), 'bars_out_of_order', /1 bars/],
  ['a negative price', csv(row(4), row(5, '10,11,-9,10,1')), 'bars_non_positive_price', /1 bars/],
  ['a price of zero', csv(row(4), row(5, '10,11,0,10,1')), 'bars_non_positive_price', /1 bars/],
  ['a negative volume', csv(row(4, '10,11,9,10,-1')), 'bars_negative_volume', /1 bars/],
  ['one time with two prices', csv(row(4), row(4, '10,11,9,9.5,1')), 'bars_duplicate_conflicting', /1 bars/],
  ['mostly faulty bars', csv(row(4), row(5, 'NaN,11,9,10,1')), 'bars_faulty', /1 of 2/],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x0a]), 'malformed_data', /./],
];

for (const [name, content, code, detail] of MALFORMED) {
  test(`${name}: the bytes are kept once with the reason, and nothing else changes`, async () => {
    const earlier = await recorded();
    await put(content);
    const [result] = (await running.client.ingestOnce()).streams;
    assert.equal(result!.status, 'quarantined');
    assert.equal(result!.problem!.code, code);
    assert.match(result!.problem!.detail, detail);
    assert.equal(result!.accepted, 0);
    assert.equal(result!.watermark_ms, earlier.watermarkMs);

    const afterwards = await recorded();
    assert.deepEqual(afterwards.registered, earlier.registered);
    assert.equal(afterwards.watermarkMs, earlier.watermarkMs);
    const file = afterwards.quarantined.at(-1)!;
    assert.equal(afterwards.quarantined.length, earlier.quarantined.length + 1);
    assert.ok(file.reason!.startsWith(code));
    assert.deepEqual(afterwards.events, [...earlier.events, 'file.quarantined']);
    const kept = await quarantined();
    assert.ok(kept.some((each) => each.name === `${file.sha256}.bin`));
    const reason = kept.find((each) => each.name === `${file.sha256}.json`)!;
    assert.equal(JSON.parse(reason.text).code, code);

    await running.client.ingestOnce();
    assert.deepEqual(await recorded(), afterwards);
  });
}

test('a gzip file that is cut off is kept as it is', async () => {
  const packed = gzipSync(csv(...Array.from({ length: 200 }, (_, index) => row(index + 4))));
  await put(packed.subarray(0, packed.length - 40), true);
  const [result] = (await running.client.ingestOnce()).streams;
  assert.equal(result!.status, 'quarantined');
  assert.equal(result!.problem!.code, 'malformed_data');
  assert.equal((await recorded()).registered.length, 1);
});

test('a mended source goes on where it stood, and the quarantine stays in the quality', async () => {
  await put(csv(row(1), row(2), row(3), row(4), row(7)));
  const [result] = (await running.client.ingestOnce()).streams;
  assert.equal(result!.status, 'ingested');
  assert.deepEqual(result!.gaps, [{ from_ms: 5 * MINUTE_MS, to_ms: 7 * MINUTE_MS, missing_bars: 2 }]);
  const quality = await running.client.quality({ params: { id: STREAM } });
  assert.equal(quality.missing_bars, 2);
  assert.equal(quality.quarantined_files, MALFORMED.length + 1);
  assert.notEqual(quality.verdict, 'pass');
});

test('a source that is gone fails alone, and the others go on', async () => {
  const other = join(rig.folder, 'two');
  for (const name of ['AAA-USDT', 'BBB-USDT', 'CCC-USDT']) {
    await mkdir(join(other, name), { recursive: true });
    await writeFile(join(other, name, '1m.csv'), name === 'CCC-USDT' ? csv() : SOUND);
  }
  const { client, service } = await rig.start({ CSV_DIR: other });
  await rm(join(other, 'AAA-USDT'), { recursive: true });
  const { streams } = await client.ingestOnce();
  assert.deepEqual(
    streams.map(({ stream, status, problem }) => [stream, status, problem?.code]),
    [
      ['csv:AAA/USDT:1m', 'failed', 'unknown_instrument'],
      ['csv:BBB/USDT:1m', 'ingested', undefined],
      ['csv:CCC/USDT:1m', 'failed', 'source_unreachable'],
    ],
  );
  const { status } = await createClient(operationsApi, { baseUrl: service.url }).health();
  assert.equal(status, 'degraded');
});

test('a full disk at any step is 507, with no row and no half file', async () => {
  const folder = join(rig.folder, 'full');
  await mkdir(join(folder, 'DISK-USDT'), { recursive: true });
  await writeFile(join(folder, 'DISK-USDT', '1m.csv'), SOUND);
  const lake = join(rig.folder, 'full-lake');
  let failAt = Number.POSITIVE_INFINITY;
  let calls = 0;
  // The raw log is copied beside, whenever there is something to copy.
  const counted = /[/\\](raw|curated|responses)[/\\]/;
  const step = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    if (counted.test(path) && calls++ === failAt)
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    return work();
  };
  const disk: Disk = {
    ...nodeDisk,
    makeFolder: (path) => step(path, () => nodeDisk.makeFolder(path)),
    write: (path, bytes) => step(path, () => nodeDisk.write(path, bytes)),
    sync: (path) => step(path, () => nodeDisk.sync(path)),
    rename: (from, to) => step(from, () => nodeDisk.rename(from, to)),
  };
  const { client } = await rig.start({ CSV_DIR: folder }, { lake: folderLake(lake, disk) });
  const stream = 'csv:DISK/USDT:1m';
  let steps = 0;
  for (; ; steps++) {
    calls = 0;
    failAt = steps;
    const answer = await client.ingestOnce().catch((error: unknown) => error);
    if (!(answer instanceof Error)) break;
    const { problem, status } = answer as Error & { problem: { code: string }; status: number };
    assert.equal(status, 507);
    assert.equal(problem.code, 'disk_full');
    assert.deepEqual((await client.files({ query: { stream } })).files, []);
    const names = await readdir(lake, { recursive: true });
    assert.ok(!names.some((name) => name.endsWith('.tmp')));
  }
  // Folder, write, sync, rename and sync of the raw file and of the curated one.
  assert.equal(steps, 10);
  assert.equal((await client.files({ query: { stream } })).files.length, 1);
});

test('what a missing bar means is as configured now, whatever came before', async () => {
  const folder = join(series, '..');
  const { client } = await rig.start({ CSV_DIR: folder, GAP_MEANING: 'trades_only' });
  const meaning = async () => (await client.quality({ params: { id: STREAM } })).gap_meaning;
  assert.equal((await ingestAll(client, STREAM))[0]?.status, 'up_to_date');
  assert.equal(await meaning(), 'trades_only');
  await put(`${HEADER}\nnot,bars\n`);
  assert.equal((await ingestAll(client, STREAM))[0]?.status, 'quarantined');
  assert.equal(await meaning(), 'trades_only');
});
