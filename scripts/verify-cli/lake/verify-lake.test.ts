// Each way in which a lake can be worked on goes red, with the day, the record and the reason.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  folderLake,
  RawLogFiles,
  RawStore,
  responsePath,
  ResponseStore,
  type LakeFiles,
} from '@aistock/lake';
import { sealEntries, toLine, type RawLogEntry, type RawLogRow, type SealedRecord } from '@aistock/ledger';
import { sha256Hex } from '@aistock/shared';
import type { Catalogue } from './catalogue.ts';
import type { Finding } from './findings.ts';
import { verifyLake, type LakeResult } from './verify-lake.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2024, 0, 10);
const CHUNKS = 6;
const PER_DAY = 2;
const STREAM = 'sim:BTC/USDT:1m';

let root: string;
let folder: string;
let lake: LakeFiles;
let records: SealedRecord[];
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'verify-lake-'));
});
after(() => rm(root, { recursive: true }));

/** Three days with two chunks each; then the first chunk is deleted. */
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'lake-'));
  lake = folderLake(folder);
  records = [];
  for (let n = 0; n < CHUNKS; n++) append(await chunk(n), Math.floor(n / PER_DAY) * DAY_MS);
  const [first] = records;
  assert.ok(first?.record.kind === 'answer');
  const { stream, chunk_sha256, sha256 } = first.record;
  const paths = [`raw/${chunk_sha256.slice(0, 2)}/${chunk_sha256}.csv.gz`, responsePath(sha256)];
  const bars_sha256 = sha256Hex('bars');
  append({ kind: 'deletion', stream, chunk_sha256, paths, bars_sha256, reason: 'processed' }, 2 * DAY_MS);
  for (const path of paths) await lake.remove(path);
  await exportLog(records);
});

async function chunk(n: number): Promise<RawLogEntry> {
  const bar = { openMs: n * 60_000, open: '1', high: '2', low: '1', close: '2', volume: String(n) };
  const { sha256: chunkSha256 } = await new RawStore(lake).write([bar]);
  const bytes = Buffer.from(JSON.stringify(bar));
  await new ResponseStore(lake).write(bytes);
  return {
    kind: 'answer',
    stream: STREAM,
    chunk_sha256: chunkSha256,
    outcome: 'registered',
    source: 'sim',
    request_id: `request-${n}`,
    url: `http://127.0.0.1/bars?n=${n}`,
    status: 200,
    sha256: sha256Hex(bytes),
    bytes: bytes.length,
    source_clock_ms: null,
    received_ms: n,
  };
}

function append(entry: RawLogEntry, atMs: number): void {
  const last = records.at(-1);
  const head = last && { ...last.record, recordHash: last.recordHash };
  records.push(...sealEntries(head, [entry], Date.UTC(2024, 0, 1) + atMs));
}

async function exportLog(sealed: readonly SealedRecord[]): Promise<void> {
  const byDay = Map.groupBy(sealed, ({ record }) => record.day);
  for (const [day, ofDay] of byDay) await new RawLogFiles(lake).put(day, 0, ofDay.map(toLine));
}

const logFile = (day: string): string => join(folder, 'raw-log', day, '000000000.ndjson');

async function editLog(day: string, edit: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(logFile(day), 'utf8')).trimEnd().split('\n');
  await writeFile(
    logFile(day),
    edit(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

async function filesBelow(name: string): Promise<string[]> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The database as it would be: the records as they were sealed. */
function catalogue(exported = records.length): Catalogue {
  const rows = records.map(({ record, body, recordHash }): RawLogRow => {
    const { day, position } = record;
    return { day, position, body, recordHash };
  });
  return {
    log: {
      list: (behind) => {
        const from = rows.findIndex((row) => row.day === behind?.day && row.position === behind.position);
        return Promise.resolve(rows.slice(from + 1));
      },
      exported: rows[exported - 1],
      recordsPerFile: 1_000,
    },
    applyLateRecords: () => Promise.resolve(),
    expectFiles: () => Promise.resolve(),
  };
}

async function verify(withDatabase?: Catalogue, anchors: readonly string[] = []): Promise<LakeResult> {
  const question = { lake, catalogue: withDatabase, anchors: new Set(anchors), nowMs: NOW_MS };
  return verifyLake({ ...question, onProgress: () => undefined });
}

/** Verifies with and without the database; both must find the same number of things, and the first as told. */
async function assertBothFind(expected: Partial<Finding> & { readonly reason: RegExp }): Promise<void> {
  const { reason, ...place } = expected;
  for (const result of [await verify(), await verify(catalogue())]) {
    assert.equal(result.verified, false);
    const [finding] = result.findings;
    assert.ok(finding);
    assert.deepEqual({ ...finding, ...place }, finding);
    assert.match(finding.problem, reason);
  }
}

describe('a lake as it was written', () => {
  test('verifies with its database and without, deletions and all', async () => {
    for (const result of [await verify(), await verify(catalogue())]) {
      assert.deepEqual(result.findings, []);
      assert.equal(result.verified, true);
      assert.deepEqual(result.folders.raw, { checked: CHUNKS - 1, deleted: 1 });
      assert.deepEqual(result.folders.responses, { checked: CHUNKS - 1, deleted: 1 });
      assert.deepEqual(
        result.days.map(({ day, answers, deletions }) => `${day} ${answers} ${deletions}`),
        ['2024-01-01 2 0', '2024-01-02 2 0', '2024-01-03 2 1'],
      );
    }
  });

  test('may have records in the database that were not exported yet', async () => {
    await editLog('2024-01-03', (lines) => lines.slice(0, 2));
    const result = await verify(catalogue(CHUNKS));
    assert.deepEqual([result.verified, result.not_exported], [true, 1]);
  });

  test('may still have what a deletion names, and what a writer has just put', async () => {
    const [first] = records;
    assert.ok(first);
    await chunk(0);
    await chunk(50);
    for (const path of await filesBelow('raw')) await utimes(path, 0, (NOW_MS - HOUR_MS / 2) / 1000);
    for (const path of await filesBelow('responses')) await utimes(path, 0, (NOW_MS - HOUR_MS / 2) / 1000);
    assert.deepEqual((await verify(catalogue())).findings, []);
  });
});

describe('files that someone worked on', () => {
  test('a byte of an answer or of a raw file', async () => {
    for (const [name, path] of [
      ['responses', (await filesBelow('responses'))[0]!],
      ['raw', (await filesBelow('raw'))[0]!],
    ] as const) {
      const bytes = await readFile(path);
      await writeFile(path, bytes.with(30, bytes[30]! ^ 1));
      await assertBothFind({ path: path.slice(folder.length + 1), reason: /is not what its name says/ });
      assert.match(path, new RegExp(name));
      await writeFile(path, bytes);
    }
    assert.equal((await verify()).verified, true);
  });

  test('one that is gone, and none that a record says is deleted', async () => {
    const last = records[CHUNKS - 1]!.record;
    assert.ok(last.kind === 'answer');
    await rm(join(folder, responsePath(last.sha256)));
    await assertBothFind({ day: '2024-01-03', position: 1, reason: /not there, and no deletion/ });
  });

  test('one that nothing names', async () => {
    await chunk(99);
    for (const name of ['raw', 'responses'])
      for (const path of await filesBelow(name)) await utimes(path, 0, (NOW_MS - 2 * HOUR_MS) / 1000);
    await assertBothFind({ day: null, reason: /nothing names this file/ });
    assert.equal((await verify()).findings_total, 2);
  });

  test('bytes that came again after their deletion must be there', async () => {
    const [first] = records;
    assert.ok(first?.record.kind === 'answer');
    append({ ...(await chunk(0)) }, 3 * DAY_MS);
    await exportLog(records);
    assert.equal((await verify()).verified, true);
    await rm(join(folder, responsePath(first.record.sha256)));
    await assertBothFind({ day: '2024-01-01', position: 0, reason: /no deletion of it is recorded/ });
  });
});

describe('a log that someone worked on', () => {
  test('a value, with and without a right hash', async () => {
    await editLog('2024-01-02', ([first, second]) => [
      first!,
      second!.replace('"status":200', '"status":201'),
    ]);
    await assertBothFind({ day: '2024-01-02', position: 1, reason: /changed/ });
    const { body } = records[3]!;
    const forged = body.replace('"status":200', '"status":201');
    await editLog('2024-01-02', ([first]) => [
      first!,
      toLine({ body: forged, recordHash: sha256Hex(forged) }),
    ]);
    for (const [result, place] of [
      [await verify(), '2024-01-03 0'],
      [await verify(catalogue()), '2024-01-02 1'],
    ] as const)
      assert.equal(`${result.findings[0]?.day} ${result.findings[0]?.position}`, place);
  });

  test('a record, a day, or a file that is removed', async () => {
    await editLog('2024-01-02', (lines) => lines.slice(1));
    await assertBothFind({ day: '2024-01-02', reason: /missing|removed/ });
    await rm(join(folder, 'raw-log', '2024-01-02'), { recursive: true });
    await assertBothFind({ reason: /missing|does not follow/ });
  });

  test('a record that is added', async () => {
    await editLog('2024-01-01', (lines) => [...lines, lines[1]!]);
    await assertBothFind({ day: '2024-01-01', reason: /added/ });
  });

  test('an end that is cut off shows against the database, and against the audit log', async () => {
    await editLog('2024-01-03', (lines) => lines.slice(0, 2));
    const result = await verify(catalogue());
    assert.deepEqual([result.findings[0]?.day, result.findings[0]?.position], ['2024-01-03', 2]);
    assert.match(result.findings[0]?.problem ?? '', /1 records that were in this file are missing/);
    const anchors = records.map(({ recordHash }) => recordHash);
    const anchored = await verify(undefined, anchors);
    assert.equal(anchored.anchored, records.length - 1);
    assert.ok(anchored.findings.some(({ problem }) => problem.includes(anchors.at(-1)!)));
  });

  test('a cut within a line', async () => {
    const text = await readFile(logFile('2024-01-03'), 'utf8');
    await writeFile(logFile('2024-01-03'), text.slice(0, -40));
    await assertBothFind({ day: '2024-01-03', position: 2, reason: /changed/ });
  });

  test('a file of records that the database does not have', async () => {
    await new RawLogFiles(lake).put('2024-01-07', 0, [toLine(records[0]!)]);
    await assertBothFind({ reason: /moved or added|no record of this file/ });
  });
});
