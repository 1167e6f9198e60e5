// What every lake promises, the same tests on a folder and on S3.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { PartStore } from '../src/curated/part-store.ts';
import { folderLake } from '../src/files/folder-lake.ts';
import type { LakeFiles } from '../src/files/lake-files.ts';
import { openLake } from '../src/files/open-lake.ts';
import { LakeFileError } from '../src/lake-file-error.ts';
import { RawStore } from '../src/raw-store.ts';
import { startS3, type S3Server } from './s3-server.ts';

const BYTES = Buffer.from([0, 255, 10, 13, 0]);

let root: string;
let server: S3Server;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'aistock-lake-'));
  server = await startS3();
});
after(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

const LAKES: Record<string, () => Promise<LakeFiles>> = {
  folder: async () => folderLake(await mkdtemp(join(root, 'folder-'))),
  s3: async () => openLake({ s3: server.place, copiesFolder: await mkdtemp(join(root, 'copies-')) }),
};

async function pathsIn(lake: LakeFiles, folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of lake.list(folder)) paths.push(path);
  return paths.toSorted();
}

let lake: LakeFiles;
/** S3 is one bucket for all tests. */
let top: string;
let tests = 0;

for (const [kind, open] of Object.entries(LAKES))
  describe(`a lake in ${kind}`, () => {
    beforeEach(async () => {
      lake = await open();
      top = `test-${tests++}`;
      await lake.prepare();
    });
    puts();
    reads();
  });

const FULL = Object.assign(new Error('full'), { code: 'ENOSPC' });
async function half(localPath: string): Promise<void> {
  await writeFile(localPath, BYTES.subarray(0, 2));
  throw FULL;
}

/** What is put, is there. */
function puts(): void {
  test('gives back what was put, by bytes or by a file', async () => {
    await lake.check();
    await lake.put(`${top}/a.bin`, BYTES);
    await lake.put(`${top}/source=csv/b.bin`, (localPath) => writeFile(localPath, BYTES));
    for (const path of [`${top}/a.bin`, `${top}/source=csv/b.bin`]) {
      assert.deepEqual(Buffer.from(await lake.read(path, BYTES.length)), BYTES);
      assert.equal(await lake.exists(path), true);
    }
    await lake.put(`${top}/a.bin`, Buffer.from('other'));
    assert.equal(Buffer.from(await lake.read(`${top}/a.bin`, 100)).toString(), 'other');
    await lake.put(`${top}/empty`, new Uint8Array());
    assert.equal((await lake.read(`${top}/empty`, 0)).length, 0);
  });

  test('a file that is not there, or is larger than allowed, is told', async () => {
    const missing = { name: 'LakeFileError', kind: 'missing' };
    assert.equal(await lake.exists(`${top}/a`), false);
    await assert.rejects(lake.read(`${top}/a`, 10), missing);
    await assert.rejects(
      lake.withLocal([`${top}/a`], () => Promise.resolve()),
      missing,
    );
    await lake.put(`${top}/a`, BYTES);
    await assert.rejects(lake.read(`${top}/a`, BYTES.length - 1), {
      name: 'LakeFileError',
      kind: 'too_large',
    });
  });

  test('a put whose file could not be written leaves nothing', async () => {
    await assert.rejects(lake.put(`${top}/a`, half), FULL);
    assert.deepEqual(await pathsIn(lake, top), []);
    await lake.put(`${top}/a`, BYTES);
    await assert.rejects(lake.put(`${top}/a`, half), FULL);
    assert.deepEqual(Buffer.from(await lake.read(`${top}/a`, 10)), BYTES);
  });
}

/** What is there, can be found. */
function reads(): void {
  test('lists every file below a folder, however many, and removes them', async () => {
    assert.deepEqual(await pathsIn(lake, top), []);
    const many = Array.from({ length: 1_050 }, (_, index) => `${top}/${index % 7}/${index}.bin`);
    for (const path of many) await lake.put(path, BYTES);
    await lake.put(`${top}x/beside`, BYTES);
    assert.deepEqual(await pathsIn(lake, top), many.toSorted());
    for await (const { bytes, modifiedMs } of lake.list(`${top}/0`)) {
      assert.equal(bytes, BYTES.length);
      assert.ok(Math.abs(modifiedMs - Date.now()) < 600_000);
    }
    await lake.remove(many[0]!);
    await lake.remove(many[0]!);
    assert.deepEqual(await pathsIn(lake, top), many.slice(1).toSorted());
  });

  test('gives local copies for as long as they are used', async () => {
    await lake.put(`${top}/a`, BYTES);
    await lake.put(`${top}/b`, Buffer.from('b'));
    const paths = [`${top}/b`, `${top}/a`, `${top}/b`];
    const read = (): Promise<Buffer[]> =>
      lake.withLocal(paths, (localPaths) => Promise.all(localPaths.map((path) => readFile(path))));
    const all = await Promise.all([read(), read(), read()]);
    for (const bytes of all) assert.deepEqual(bytes, [Buffer.from('b'), BYTES, Buffer.from('b')]);
  });

  test('a local copy that was found damaged is not kept: the file may be mended meanwhile', async () => {
    const path = `${top}/a`;
    await lake.put(path, Buffer.from('damaged'));
    const damaged = new LakeFileError('corrupt', 'is not what its name says');
    const find = () => lake.withLocal([path], () => Promise.reject(damaged));
    await lake.withLocal([path], () => assert.rejects(find(), damaged));
    await lake.put(path, Buffer.from('whole'));
    const read = () => lake.withLocal([path], ([localPath = '']) => readFile(localPath, 'utf8'));
    assert.equal(await read(), 'whole');
  });

  test('a path that leaves the lake is refused', async () => {
    for (const path of ['../a', `${top}/../../a`, '', 'a\0b', '/etc/passwd']) {
      await assert.rejects(lake.put(path, BYTES), TypeError, path);
      await assert.rejects(lake.read(path, 10), TypeError, path);
    }
  });
}

function openS3(change: Partial<S3Server['place']>): LakeFiles {
  return openLake({ s3: { ...server.place, ...change }, copiesFolder: join(root, 'none') });
}

test('S3 that cannot be used is told, without its key', async () => {
  for (const change of [
    { bucket: 'elsewhere' },
    { accessKeyId: 'nobody', secretAccessKey: 'a-wrong-secret' },
    { endpoint: 'http://127.0.0.1:1' },
  ])
    await assert.rejects(openS3(change).prepare(), (error: Error) => {
      assert.match(error.message, /^http:\/\/127\.0\.0\.1/);
      assert.doesNotMatch(
        JSON.stringify([error.message, error.stack, Object.entries(error)]),
        /a-wrong-secret|S3RVER/,
      );
      return true;
    });
});

test('local copies are bounded, and what a dead process left is removed', async () => {
  const copiesFolder = await mkdtemp(join(root, 'left-'));
  await writeFile(join(copiesFolder, 'half'), 'x');
  lake = openLake({ s3: server.place, copiesFolder });
  await lake.put('bounded/a', BYTES);
  await lake.withLocal(['bounded/a'], async () => {
    assert.equal((await readdir(copiesFolder)).length, 1);
  });
});

test('a part is verified as it is on storage, whatever a local copy holds', async () => {
  lake = openLake({ s3: server.place, copiesFolder: await mkdtemp(join(root, 'verified-')) });
  const bar = { openMs: Date.UTC(2024), open: '1', high: '1', low: '1', close: '1', volume: '1' };
  const { sha256 } = await new RawStore(lake).write([bar]);
  const store = new PartStore(lake);
  const raw = { stream: 'sim:BTC/USDT:1h', sha256, source: 'sim', knownMs: 0, revision: 0 };
  const [made] = await store.writeRaw(raw);
  const { part } = made!;
  await lake.withLocal([part.path], async () => undefined);
  await store.verify(part);
  await lake.put(part.path, BYTES);
  await assert.rejects(store.verify(part), { name: 'LakeFileError', kind: 'corrupt' });
});
