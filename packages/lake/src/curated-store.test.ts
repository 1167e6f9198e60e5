import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { CuratedStore, type BarsQuery } from './curated-store.ts';
import { nodeDisk } from './files/disk.ts';
import { folderLake } from './files/folder-lake.ts';
import { writeParquet } from './parquet.ts';
import type { Part } from './part-window.ts';

const MINUTE_MS = 60_000;
const FIRST = 'a'.repeat(64);
const SECOND = 'b'.repeat(64);

/** Only Linux has a file that is always full. */
const LINUX_ONLY = { skip: process.platform !== 'linux' };

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "aistock lake's-"));
});
after(() => rm(folder, { recursive: true }));

function minutes(from: number, count: number): Bar[] {
  return Array.from({ length: count }, (_, index) => ({
    openMs: (from + index) * MINUTE_MS,
    open: '1469.250000',
    high: '1478.000000000001',
    low: '0.000000000001',
    close: `${from + index}.5`,
    volume: '931800000',
  }));
}

function partOf(sha256: string, bars: readonly Bar[]): Part {
  return { sha256, rows: bars.length, firstOpenMs: bars[0]!.openMs, lastOpenMs: bars.at(-1)!.openMs };
}

function query(parts: Part[], window: Partial<BarsQuery> = {}): BarsQuery {
  return { parts, timeframe: '1m', calendar: 'always', asOfMs: 10 ** 12, limit: 1000, ...window };
}

const closes = (bars: readonly Bar[]): string[] => bars.map((bar) => bar.close);

test('gives back every bar, exact and with normalised text', async () => {
  const store = new CuratedStore(folderLake(folder));
  const bars = minutes(1, 3);
  await store.write(FIRST, bars);
  const [bar, ...others] = await new CuratedStore(folderLake(folder)).readBars(query([partOf(FIRST, bars)]));
  assert.deepEqual(bar, {
    openMs: MINUTE_MS,
    open: '1469.25',
    high: '1478.000000000001',
    low: '0.000000000001',
    close: '1.5',
    volume: '931800000',
  });
  assert.equal(others.length, 2);
});

test('never shows a bar that closed after as_of, in any part, and pages from either end', async () => {
  const store = new CuratedStore(folderLake(folder));
  const [early, late] = [minutes(1, 10), minutes(11, 10)];
  await store.write(FIRST, early);
  await store.write(SECOND, late);
  const parts = [partOf(SECOND, late), partOf(FIRST, early)];
  const read = async (window: Partial<BarsQuery>): Promise<string[]> =>
    closes(await store.readBars(query(parts, window)));
  assert.deepEqual(await read({ asOfMs: 13 * MINUTE_MS, newest: true, limit: 2 }), ['11.5', '12.5']);
  assert.deepEqual(await read({ asOfMs: 13 * MINUTE_MS - 1, newest: true, limit: 2 }), ['10.5', '11.5']);
  assert.deepEqual(await read({ fromMs: 9 * MINUTE_MS, toMs: 12 * MINUTE_MS }), ['9.5', '10.5', '11.5']);
  assert.deepEqual(await read({ fromMs: 9 * MINUTE_MS, limit: 2 }), ['9.5', '10.5']);
  assert.deepEqual(await read({ asOfMs: 0 }), []);
});

test('a daily bar of xnys is visible from the close of its session, not a day after its open', async () => {
  const store = new CuratedStore(folderLake(folder));
  // 2020-04-17, 00:00 and 16:00 in New York.
  const [openMs, closedMs] = [Date.UTC(2020, 3, 17, 4), Date.UTC(2020, 3, 17, 20)];
  const bars = [{ ...minutes(1, 1)[0]!, openMs }];
  await store.write('c'.repeat(64), bars);
  const daily = query([partOf('c'.repeat(64), bars)], { timeframe: '1d', calendar: 'xnys' });
  assert.equal((await store.readBars({ ...daily, asOfMs: closedMs - 1 })).length, 0);
  assert.equal((await store.readBars({ ...daily, asOfMs: closedMs })).length, 1);
});

test('a part that the ledger does not list is never read', async () => {
  const store = new CuratedStore(folderLake(folder));
  await store.write(SECOND, minutes(11, 10));
  assert.deepEqual(await store.readBars(query([])), []);
});

test('a part that is gone, broken, or other than the ledger says is an error, not a shorter answer', async () => {
  const store = new CuratedStore(folderLake(folder));
  const bars = minutes(1, 5);
  const sha256 = 'd'.repeat(64);
  await assert.rejects(store.readBars(query([partOf(sha256, bars)])), {
    name: 'LakeFileError',
    kind: 'missing',
  });
  await store.write(sha256, bars);
  const later = minutes(11, 5);
  await store.write(SECOND, later);
  for (const wrong of [{ rows: 4 }, { rows: 6 }, { firstOpenMs: 0 }, { lastOpenMs: 4 * MINUTE_MS }])
    for (const parts of [[], [partOf(SECOND, later)]])
      await assert.rejects(store.readBars(query([{ ...partOf(sha256, bars), ...wrong }, ...parts])), {
        name: 'LakeFileError',
        kind: 'corrupt',
      });
  await writeFile(join(folder, 'curated', 'dd', `${sha256}.parquet`), 'not parquet');
  await assert.rejects(store.readBars(query([partOf(sha256, bars)])), {
    name: 'LakeFileError',
    kind: 'corrupt',
  });
  await store.write(sha256, bars);
  assert.equal((await store.readBars(query([partOf(sha256, bars)]))).length, 5);
});

test('a name that is no hash never becomes a path', async () => {
  const store = new CuratedStore(folderLake(folder));
  for (const name of ['../../etc/passwd', 'A'.repeat(64), '', `${'a'.repeat(63)}\0`])
    await assert.rejects(store.write(name, minutes(1, 1)), TypeError);
  assert.throws(() => folderLake('/tmp/*'), TypeError);
});

test('a disk that is full while DuckDB writes leaves nothing and tells ENOSPC', LINUX_ONLY, async () => {
  await assert.rejects(writeParquet('/dev/full', minutes(1, 10)), { code: 'ENOSPC' });
  const disk = {
    ...nodeDisk,
    sync: () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })),
  };
  const store = new CuratedStore(folderLake(folder, disk));
  await assert.rejects(store.write('e'.repeat(64), minutes(1, 10)), { code: 'ENOSPC' });
  assert.deepEqual(await readdir(join(folder, 'curated', 'ee')), []);
});
