import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import { PartStore } from './curated/part-store.ts';
import { folderLake } from './files/folder-lake.ts';
import { earlierPartPath } from './lake-path.ts';
import { sweepOrphans, type SweepOptions } from './orphan-sweep.ts';
import { RawStore } from './raw-store.ts';

const NOW_MS = 10_000_000_000;
const GRACE_MS = 3_600_000;
const REASON = { stream: 'csv:X:1m', code: 'malformed_csv', detail: 'line 2 is wrong' };
const BARS: Bar[] = [1, 2, 3].map((index) => ({
  openMs: index * 60_000,
  open: '10.5',
  high: '11',
  low: '10',
  close: `10.${index}`,
  volume: '0',
}));

let root: string;
let folder: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aistock-sweep-'));
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'lake-'));
});
after(() => rm(root, { recursive: true }));

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Answers which of the hashes it is asked for are among these. */
const among = (all: readonly string[]) => (hashes: readonly string[]) =>
  Promise.resolve(new Set(hashes.filter((hash) => all.includes(hash))));

function named({
  raw = [],
  curated = [],
}: {
  readonly raw?: readonly string[];
  readonly curated?: readonly string[];
}): SweepOptions['named'] {
  return { raw: among(raw), curated: among(curated), responses: among([]) };
}

async function age(ageMs: number): Promise<void> {
  const at = new Date(NOW_MS - ageMs);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) await utimes(join(entry.parentPath, entry.name), at, at);
}

test('removes old unknown and temporary files, and nothing that the ledger knows or a person put there', async () => {
  const raw = new RawStore(folderLake(folder));
  const known = await raw.write(BARS);
  const orphan = await raw.write(BARS.slice(1));
  const series = { stream: 'csv:A:1m', source: 'csv', revision: 0 };
  const parts = new PartStore(folderLake(folder));
  const [listed] = await parts.writeRaw({ ...series, sha256: known.sha256, knownMs: 1 });
  await parts.writeRaw({ ...series, sha256: orphan.sha256, knownMs: 2 });
  await raw.quarantine(Buffer.from('bad'), REASON);
  await writeFile(join(folder, 'raw', 'notes.txt'), 'mine');
  await writeFile(join(folder, 'raw', known.sha256.slice(0, 2), 'x.tmp'), 'half');
  await age(GRACE_MS + 1);
  const removed = await sweepOrphans(folderLake(folder), {
    named: named({ raw: [known.sha256], curated: [listed!.part.partId] }),
    nowMs: NOW_MS,
    graceMs: GRACE_MS,
  });
  assert.equal(removed.length, 3);
  assert.deepEqual((await filesIn(folder)).map((name) => name.split('.').slice(1).join('.')).toSorted(), [
    'bin',
    'csv.gz',
    'json',
    'parquet',
    'txt',
  ]);
});

test('asks for at most a thousand files at once, however many there are', async () => {
  const hashes = Array.from({ length: 1_001 }, (_, n) => sha256Hex(String(n)));
  const lake = folderLake(folder);
  for (const sha256 of hashes) await lake.put(`raw/${sha256}.csv.gz`, Buffer.from('x'));
  await age(GRACE_MS + 1);
  const asked: number[] = [];
  const raw: SweepOptions['named']['raw'] = (some) => {
    asked.push(some.length);
    return Promise.resolve(new Set(some.filter((hash) => hash !== hashes[500])));
  };
  const options = { named: { ...named({}), raw }, nowMs: NOW_MS, graceMs: GRACE_MS };
  assert.deepEqual(await sweepOrphans(lake, options), [`raw/${hashes[500]}.csv.gz`]);
  assert.deepEqual(asked, [1_000, 1]);
});

test('leaves the files of the earlier layout: they may hold the only bars of a raw file that was deleted', async () => {
  const lake = folderLake(folder);
  const path = earlierPartPath('a'.repeat(64));
  await lake.put(path, Buffer.from('bars'));
  await age(GRACE_MS + 1);
  assert.deepEqual(await sweepOrphans(lake, { named: named({}), nowMs: NOW_MS, graceMs: GRACE_MS }), []);
  assert.ok(await lake.exists(path));
});

test('leaves young files to their writers', async () => {
  await new RawStore(folderLake(folder)).write(BARS);
  await age(GRACE_MS - 1);
  assert.deepEqual(
    await sweepOrphans(folderLake(folder), {
      named: named({}),
      nowMs: NOW_MS,
      graceMs: GRACE_MS,
    }),
    [],
  );
});

test('a lake that does not exist yet has no orphans', async () => {
  const nowhere = join(folder, 'nowhere');
  assert.deepEqual(
    await sweepOrphans(folderLake(nowhere), {
      named: named({}),
      nowMs: NOW_MS,
      graceMs: 0,
    }),
    [],
  );
});
