import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, before, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { folderLake } from '../files/folder-lake.ts';
import type { LakeFiles } from '../files/lake-files.ts';
import { RawStore } from '../raw-store.ts';
import { PartStore } from './part-store.ts';
import type { Part } from './part.ts';
import { verifyHeld, type RegisteredRaw } from './verify-held.ts';

const HOUR_MS = 3_600_000;
/** Two hours before the new year: the bars of one file lie in two parts. */
const START_MS = Date.UTC(2024) - 2 * HOUR_MS;

let root: string;
let folder: string;
let lake: LakeFiles;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aistock-held-'));
});
after(() => rm(root, { recursive: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'lake-'));
  lake = folderLake(folder);
});

async function keep(from: number, count: number, change: Partial<Bar> = {}) {
  const bars = Array.from({ length: count }, (_, index) => ({
    openMs: START_MS + (from + index) * HOUR_MS,
    open: '1469.250',
    high: '1478',
    low: '0.000000000001',
    close: `${1000 + from + index}.5`,
    volume: '0',
    ...change,
  }));
  const { sha256 } = await new RawStore(lake).write(bars);
  const raw: RegisteredRaw = {
    sha256,
    rows: bars.length,
    firstOpenMs: bars[0]!.openMs,
    lastOpenMs: bars.at(-1)!.openMs,
  };
  const about = { stream: 'sim:BTC/USDT:1h', sha256, source: 'sim', knownMs: 0, revision: 0 };
  const made = await new PartStore(lake).writeRaw(about);
  return { raw, parts: made.map(({ part }) => part) };
}

const corrupt = { name: 'LakeFileError', kind: 'corrupt' };

test('bars are held as they are in the raw file, over two years and in merged parts', async () => {
  const first = await keep(0, 4);
  const second = await keep(4, 3);
  assert.equal(first.parts.length, 2);
  const hash = await verifyHeld(lake, first.raw, first.parts);
  assert.match(hash, /^[0-9a-f]{64}$/);
  const of2024 = [...first.parts, ...second.parts].filter(({ year }) => year === 2024);
  const merged = await new PartStore(lake).merge(of2024);
  const parts = [first.parts.find(({ year }) => year === 2023)!, merged.part];
  assert.equal(await verifyHeld(lake, first.raw, parts), hash);
  const ofSecond = await verifyHeld(lake, second.raw, [merged.part]);
  assert.notEqual(ofSecond, hash);
});

test('a part that is missing, damaged or left out, and bars that differ, are told', async () => {
  const { raw, parts } = await keep(0, 4);
  const [of2023, of2024] = parts;
  await assert.rejects(verifyHeld(lake, raw, []), corrupt);
  await assert.rejects(verifyHeld(lake, raw, [of2024!]), corrupt);
  const other = await keep(0, 4, { volume: '1' });
  const posing = (part: Part): Part => ({ ...part, rawSha256: [raw.sha256] });
  await assert.rejects(verifyHeld(lake, raw, other.parts.map(posing)), corrupt);
  await assert.rejects(verifyHeld(lake, { ...raw, rows: 5 }, parts), corrupt);
  await writeFile(join(folder, of2023!.path), 'not parquet');
  await assert.rejects(verifyHeld(lake, raw, parts), corrupt);
  await lake.remove(of2023!.path);
  await assert.rejects(verifyHeld(lake, raw, parts), { name: 'LakeFileError', kind: 'missing' });
});
