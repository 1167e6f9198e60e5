import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { ask, withDuck } from '../duck.ts';
import { folderLake } from '../files/folder-lake.ts';
import type { LakeFiles } from '../files/lake-files.ts';
import { RawStore } from '../raw-store.ts';
import { PartReader } from './part-reader.ts';
import { PartStore } from './part-store.ts';
import type { Part } from './part.ts';

const HOUR_MS = 3_600_000;
const NEW_YEAR_MS = Date.UTC(2024);
const STREAM = 'binance:BTC/USDT:1h';
const ALWAYS = { fromMs: 0, toMs: 8.64e15 };

let folder: string;
let lake: LakeFiles;
let store: PartStore;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aistock lake's-"));
  lake = folderLake(folder);
  await lake.prepare();
  store = new PartStore(lake);
});
after(() => rm(folder, { recursive: true }));

function hours(from: number, count: number, more: Partial<Bar> = {}): Bar[] {
  return Array.from({ length: count }, (_, index) => ({
    openMs: NEW_YEAR_MS + (from + index) * HOUR_MS,
    open: '1469.25',
    high: '1478.000000000001',
    low: '0.000000000001',
    close: `${1000 + from + index}.5`,
    volume: '93180000012345678901234567',
    ...more,
  }));
}

async function keep(bars: readonly Bar[], more = {}, stream = STREAM): Promise<Part[]> {
  const { sha256 } = await new RawStore(lake).write(bars);
  const made = await store.writeRaw({
    stream,
    sha256,
    source: 'binance',
    knownMs: 1_700_000_000_000,
    revision: 0,
    ...more,
  });
  return made.map(({ part }) => part);
}
const read = (parts: readonly Part[], range = ALWAYS) =>
  new PartReader(lake).rows(
    parts.map((part) => ({ ...part, hidden: [] })),
    range,
  );

test('a chunk over New Year makes a part for each year, and every bar comes back exact', async () => {
  const bars = hours(-3, 5);
  const parts = await keep(bars);
  assert.deepEqual(
    parts.map(({ year, rows, decimals, revisionMax }) => [year, rows, decimals, revisionMax]),
    [
      [2023, 3, 12, 0],
      [2024, 2, 12, 0],
    ],
  );
  assert.match(parts[1]!.path, /^curated\/source=binance\/instrument=BTC-USDT\/timeframe=1h\/year=2024\//);
  const rows = await read(parts);
  assert.deepEqual(
    rows,
    bars.map((bar) => ({ ...bar, source: 'binance', knownMs: 1_700_000_000_000, revision: 0 })),
  );
  assert.deepEqual(await read(parts, { fromMs: NEW_YEAR_MS, toMs: NEW_YEAR_MS + 1 }), [rows[3]]);
  for (const part of parts) await store.verify(part);
});

test('the same raw file always makes the same part', async () => {
  const bars = hours(100, 10);
  assert.deepEqual(await keep(bars), await keep(bars));
  assert.notDeepEqual(await keep(bars), await keep(bars, {}, 'binance:ETH/USDT:1h'));
});

test('parts become one that holds all rows, and tells what each was made from', async () => {
  const parts = [
    ...(await keep(hours(210, 10))),
    ...(await keep(hours(200, 10))),
    ...(await keep(hours(205, 2, { close: '7', volume: '0', high: '1' }), {
      revision: 1,
      knownMs: 5,
      source: 'yahoo',
    })),
  ];
  const { part } = await store.merge(parts);
  assert.deepEqual(
    part.rawSha256,
    parts.flatMap(({ rawSha256 }) => rawSha256),
  );
  assert.deepEqual([part.rows, part.revisionMax, part.decimals], [22, 1, 12]);
  assert.deepEqual(await read([part]), await read(parts));
  const late = (await read([part])).filter(({ revision }) => revision === 1);
  assert.deepEqual(
    late.map(({ close, source, knownMs }) => [close, source, knownMs]),
    [
      ['7', 'yahoo', 5],
      ['7', 'yahoo', 5],
    ],
  );
  const seen = await new PartReader(lake).rows([{ ...part, hidden: [2] }], ALWAYS);
  assert.equal(seen.filter(({ revision }) => revision === 1).length, 0);
  await assert.rejects(store.merge([parts[0]!, ...(await keep(hours(-9, 2)))]), TypeError);
});

test('float64 columns are the numbers that the texts say', async () => {
  const parts = [
    ...(await keep(hours(300, 50))),
    ...(await keep(hours(350, 50, { open: '0.1', volume: '3' }))),
  ];
  const readable = parts.map((part) => ({ ...part, hidden: [] }));
  const rows = await read(parts);
  for (const order of ['sorted', 'as_stored'] as const) {
    const columns = await new PartReader(lake).columns(readable, {
      ...ALWAYS,
      rowsMax: 100,
      decimals: 12,
      withRevisions: order === 'sorted',
      order,
    });
    for (const name of ['open', 'high', 'low', 'close', 'volume'] as const)
      assert.deepEqual(
        [...columns[name]],
        rows.map((row) => Number(row[name])),
        name,
      );
    assert.deepEqual(
      [...columns.openMs],
      rows.map(({ openMs }) => openMs),
    );
  }
  await assert.rejects(
    new PartReader(lake).columns(readable.toReversed(), {
      ...ALWAYS,
      rowsMax: 100,
      decimals: 12,
      withRevisions: false,
      order: 'as_stored',
    }),
    { kind: 'corrupt' },
  );
});

test('any reader of Parquet sees one table, however many decimals its parts need', async () => {
  await keep(hours(400, 1, { open: '1', high: '1', low: '1', close: '1', volume: '1' }), {}, 'csv:BRK.B:1h');
  await keep(hours(400, 1), {}, 'csv:BTC/USDT:USDT:1h');
  const rows = await withDuck((connection) =>
    ask(
      connection,
      `SELECT source, instrument, timeframe, year, high::VARCHAR AS high, bar_source, revision, typeof(high) AS type
       FROM read_parquet('${folder.replaceAll("'", "''")}/curated/**/*.parquet', hive_partitioning = true)
       WHERE source = 'csv' ORDER BY instrument`,
    ),
  );
  const common = {
    source: 'csv',
    timeframe: '1h',
    year: 2024n,
    bar_source: 'binance',
    revision: 0,
    type: 'DECIMAL(38,12)',
  };
  assert.deepEqual(rows, [
    { ...common, instrument: 'BRK.B', high: '1.000000000000' },
    { ...common, instrument: 'BTC-USDT_USDT', high: '1478.000000000001' },
  ]);
});

test('a part that is gone or changed is an error, not a shorter answer', async () => {
  const [part] = await keep(hours(500, 10));
  const path = join(folder, part!.path);
  await truncate(path, part!.bytes - 1);
  await assert.rejects(read([part!]), { name: 'LakeFileError', kind: 'corrupt' });
  await assert.rejects(store.verify(part!), { kind: 'corrupt' });
  await assert.rejects(store.merge([part!]), { kind: 'corrupt' });
  await rm(path);
  for (const use of [() => read([part!]), () => store.verify(part!), () => store.merge([part!])])
    await assert.rejects(use, { name: 'LakeFileError', kind: 'missing' });
});

test('a raw file that holds something else than bars makes no part', async () => {
  const sha256 = 'a'.repeat(64);
  const { gzipSync } = await import('node:zlib');
  const raw = { stream: STREAM, sha256, source: 'x', knownMs: 1, revision: 0 };
  await lake.put(`raw/aa/${sha256}.csv.gz`, new Uint8Array());
  for (const text of [
    '',
    'timestamp,open\n1,2\n',
    'timestamp,open,high,low,close,volume\n',
    'timestamp,open,high,low,close,volume\n1,2,3,4,NaN,5\n',
    'timestamp,open,high,low,close,volume\n1,2,3,4,0.1234567890123,5\n',
  ]) {
    await writeFile(join(folder, `raw/aa/${sha256}.csv.gz`), gzipSync(text));
    await assert.rejects(store.writeRaw(raw), { name: 'LakeFileError', kind: 'corrupt' }, text);
  }
  await writeFile(join(folder, `raw/aa/${sha256}.csv.gz`), 'no gzip');
  await assert.rejects(store.writeRaw(raw), { name: 'LakeFileError', kind: 'corrupt' });
});
