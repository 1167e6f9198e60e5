import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { PartStore } from './curated/part-store.ts';
import { gunzip, gzip } from './gzip.ts';
import { nodeDisk, type Disk } from './files/disk.ts';
import { sha256Hex } from '@aistock/shared';
import { folderLake } from './files/folder-lake.ts';
import { sweepOrphans, type SweepOptions } from './orphan-sweep.ts';
import { readRawBars } from './read-raw-bars.ts';
import { RawStore } from './raw-store.ts';

const BARS: Bar[] = [1, 2, 3].map((index) => ({
  openMs: index * 60_000,
  open: '10.5',
  high: '11',
  low: '10',
  close: `10.${index}`,
  volume: '0',
}));
/** Answers which hashes are named, as ledger, catalogue and raw log do. */
function named({
  raw = [],
  curated = [],
}: Readonly<Record<string, readonly string[]>>): SweepOptions['named'] {
  const among = (all: readonly string[]) => (hashes: readonly string[]) =>
    Promise.resolve(new Set(hashes.filter((hash) => all.includes(hash))));
  return { raw: among(raw), curated: among(curated), responses: among([]) };
}

const REASON = { stream: 'csv:X:1m', code: 'malformed_csv', detail: 'line 2 is wrong' };

let root: string;
let folder: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aistock-raw-'));
});
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'lake-'));
});
after(() => rm(root, { recursive: true }));

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** A disk whose n-th call fails as a full one does. */
function failingAt(call: number): { disk: Disk; calls: () => string[] } {
  const calls: string[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    calls.push(name);
    if (calls.length - 1 === call) throw Object.assign(new Error(`ENOSPC in ${name}`), { code: 'ENOSPC' });
    return work();
  };
  const disk: Disk = {
    ...nodeDisk,
    makeFolder: (path) => step('makeFolder', () => nodeDisk.makeFolder(path)),
    write: (path, bytes) =>
      // A full disk takes some bytes before it says so.
      step('write', () => nodeDisk.write(path, bytes)).catch(async (error: unknown) => {
        await writeFile(path, bytes.subarray(0, 10));
        throw error;
      }),
    sync: (path) => step('sync', () => nodeDisk.sync(path)),
    rename: (from, to) => step('rename', () => nodeDisk.rename(from, to)),
  };
  return { disk, calls: () => calls };
}

describe('raw store', () => {
  test('the same bars always give the same file, and reading gives them back', async () => {
    const store = new RawStore(folderLake(folder));
    const first = await store.write(BARS);
    const bytes = await readFile(join(folder, first.path));
    const second = await store.write(BARS.map((bar) => ({ ...bar })));
    assert.deepEqual(second, first);
    assert.deepEqual(await readFile(join(folder, first.path)), bytes);
    assert.equal(first.path, `raw/${first.sha256.slice(0, 2)}/${first.sha256}.csv.gz`);
    assert.deepEqual(await readRawBars(folderLake(folder), first.sha256), BARS);
    assert.notEqual((await store.write(BARS.slice(1))).sha256, first.sha256);
  });

  test('a changed byte, or another file under its name, is found when the file is read', async () => {
    const store = new RawStore(folderLake(folder));
    const { sha256, path } = await store.write(BARS);
    const bytes = await readFile(join(folder, path));
    bytes[20]! ^= 1;
    await writeFile(join(folder, path), bytes);
    await assert.rejects(store.verify(sha256), { name: 'LakeFileError', kind: 'corrupt' });
    const other = await store.write(BARS.slice(1));
    await writeFile(join(folder, path), await readFile(join(folder, other.path)));
    await assert.rejects(store.verify(sha256), { name: 'LakeFileError', kind: 'corrupt' });
    await store.write(BARS);
    assert.deepEqual(await readRawBars(folderLake(folder), sha256), BARS);
  });

  test('a file that is not there, or a name that is no hash, is told', async () => {
    const store = new RawStore(folderLake(folder));
    await assert.rejects(store.verify('0'.repeat(64)), { name: 'LakeFileError', kind: 'missing' });
    await assert.rejects(store.verify('../x'), TypeError);
    await store.remove('0'.repeat(64));
    const { sha256 } = await store.write(BARS);
    assert.equal(await store.has(sha256), true);
    await store.remove(sha256);
    assert.equal(await store.has(sha256), false);
  });

  test('gzip that is cut or unpacks to too much is told', async () => {
    const packed = await gzip(Buffer.from('x'.repeat(10_000)));
    await assert.rejects(gunzip(packed, 9_999), { kind: 'too_large' });
    await assert.rejects(gunzip(packed.subarray(0, 20), 10_000), { kind: 'corrupt' });
    assert.equal((await gunzip(packed, 10_000)).length, 10_000);
  });

  test('a full disk at any step passes as it came and leaves whole files only', async () => {
    const healthy = failingAt(Number.POSITIVE_INFINITY);
    await new RawStore(folderLake(join(folder, 'healthy'), healthy.disk)).write(BARS);
    assert.deepEqual(healthy.calls(), ['makeFolder', 'write', 'sync', 'rename', 'sync']);
    for (const call of healthy.calls().keys()) {
      const lake = join(folder, String(call));
      const { disk } = failingAt(call);
      await assert.rejects(new RawStore(folderLake(lake, disk)).write(BARS), { code: 'ENOSPC' });
      const left = await filesIn(folder).then((names) => names.filter((name) => name.endsWith('.tmp')));
      assert.deepEqual(left, []);
      const { sha256 } = await new RawStore(folderLake(lake)).write(BARS);
      assert.deepEqual(await readRawBars(folderLake(lake), sha256), BARS);
    }
  });

  test('quarantine keeps the bytes as they came beside the reason', async () => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    const { path } = await new RawStore(folderLake(folder)).quarantine(bytes, REASON);
    assert.deepEqual(await readFile(join(folder, path)), bytes);
    const reason = await readFile(join(folder, path.replace('.bin', '.json')), 'utf8');
    assert.deepEqual(JSON.parse(reason), REASON);
  });
});

describe('orphan sweep', () => {
  const NOW_MS = 10_000_000_000;
  const GRACE_MS = 3_600_000;

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
});
