import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Bar } from '@aistock/market';
import { gunzip, gzip } from './gzip.ts';
import { nodeDisk, type Disk } from './files/disk.ts';
import { folderLake } from './files/folder-lake.ts';
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
