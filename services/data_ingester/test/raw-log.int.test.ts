// The promise: every answer that bars were taken from is on disk as it came and in the chain before its chunk counts,
// whoever dies when; and whatever is worked on afterwards goes red.
import assert from 'node:assert/strict';
import { execFile, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { openDatabase } from '@aistock/database';
import { folderLake, nodeDisk, responsePath, type Disk } from '@aistock/lake';
import { claimFiles, finishClaims, intendDeletion, resumeDeletions } from '@aistock/ledger';
import { seriesOf, startVenueSim, venueClock, type VenueSim } from '@aistock/venue_sim';
import { sql } from 'kysely';
import { allBars, createRig, ingestAll, type Rig } from './rig.ts';
import { spawnService, until } from './spawned-service.ts';

const STEP_MS = 60_000;
const START_MS = Date.UTC(2024, 0, 1);
const BARS = 60;
const CHUNK_BARS = 20;
const STREAM = 'sim:BTC/USDT:1m';
const ROOT = join(import.meta.dirname, '../../..');

let sim: VenueSim;
let rig: Rig;
let children: ChildProcess[];
before(async () => {
  const bars = Array.from({ length: BARS }, (_, i) => {
    const price = String(1000 + i);
    return {
      openMs: START_MS + i * STEP_MS,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: '5',
    };
  });
  const nowMs = START_MS + BARS * STEP_MS + 5_000;
  sim = await startVenueSim({
    markets: [{ venue: 'binance', instrument: 'BTC/USDT', bars: seriesOf(bars, '1m') }],
    clock: venueClock({ nowMs, rate: 0, realMs: () => performance.now() }),
  });
});
after(() => sim.stop());
beforeEach(async () => {
  rig = await createRig();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rig.close();
});

/** The environment of a service that takes its bars from the simulated exchange. */
async function sources(): Promise<Record<string, string>> {
  const file = join(rig.folder, 'sources.yaml');
  await writeFile(
    file,
    `sources:
  sim: { kind: ccxt, exchange: binance, origin: '${sim.url}' }
streams:
  - { name: sim, sources: [sim], instruments: [BTC/USDT], timeframes: [1m], start: 2024-01-01, chunk_bars: ${CHUNK_BARS} }
`,
  );
  return { SOURCES_FILE: file };
}

interface Verdict {
  readonly verified: boolean;
  readonly days: readonly { readonly answers: number; readonly files: number }[];
  readonly folders: Record<'raw' | 'responses' | 'curated', { readonly checked: number }>;
  readonly not_exported: number;
  readonly findings: readonly { readonly path: string | null; readonly problem: string }[];
}

/** Runs `./scripts/verify --lake` as it is called. */
async function verify(env: Record<string, string>, ...more: string[]): Promise<Verdict & { code: number }> {
  const program = join(ROOT, 'scripts/verify-cli/main.ts');
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, '--lake', '--json', ...more],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr, { cause: error }));
        else resolve({ ...(JSON.parse(stdout) as Verdict), code: Number(error?.code ?? 0) });
      },
    );
  });
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(rig.folder, 'lake', folder), {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('answers are kept as they came, and the lake verifies with its database and without', async () => {
  const { client, service } = await rig.start(await sources());
  await ingestAll(client, STREAM);
  assert.equal((await allBars(client, STREAM)).length, BARS);
  await service.stop();
  const open: number[] = [];
  for (const path of await filesIn('responses')) {
    const answer = JSON.parse(gunzipSync(await readFile(path)).toString()) as unknown;
    // Markets were asked for too.
    if (Array.isArray(answer)) for (const line of answer as unknown[][]) open.push(Number(line[0]));
  }
  assert.deepEqual([...new Set(open)].toSorted((a, b) => a - b)[0], START_MS);
  assert.equal(new Set(open).size, BARS);
  for (const result of [await verify(rig.env()), await verify(rig.env(), '--offline')]) {
    assert.deepEqual(result.findings, []);
    assert.deepEqual([result.code, result.verified, result.not_exported], [0, true, 0]);
    assert.equal(result.folders.raw.checked, BARS / CHUNK_BARS);
    assert.ok(result.days[0]!.answers >= BARS / CHUNK_BARS);
    assert.ok(result.folders.responses.checked >= BARS / CHUNK_BARS);
  }
  assert.ok((await verify(rig.env())).folders.curated.checked > 0);
});

test('what is changed in the lake is found: an answer, a raw file, a part, a record', async () => {
  const { client, service } = await rig.start(await sources());
  await ingestAll(client, STREAM);
  await service.stop();
  for (const folder of ['responses', 'raw', 'curated', 'raw-log']) {
    const [path] = await filesIn(folder);
    const bytes = await readFile(path!);
    await writeFile(path!, bytes.with(40, bytes[40]! ^ 1));
    const { code, findings } = await verify(rig.env());
    assert.deepEqual([code, findings.length, folder], [1, 1, folder]);
    assert.ok(path!.endsWith(findings[0]!.path!), findings[0]!.path!);
    await rm(path!);
    assert.deepEqual([(await verify(rig.env())).code, folder], [1, folder]);
    await writeFile(path!, bytes);
  }
  assert.equal((await verify(rig.env())).code, 0);
});

test('raw bytes that go once their bars are held leave a lake that verifies, and stay while a part is damaged', async () => {
  const { client, service } = await rig.start(await sources());
  await ingestAll(client, STREAM);
  const trainer = openDatabase({ url: rig.database.url('ml_service'), applicationName: 'test' });
  const lake = folderLake(join(rig.folder, 'lake'));
  const claims = await claimFiles(trainer, { claimer: 'test', stream: STREAM, limit: 2 });
  await trainer.transaction().execute(async (trx) => {
    await finishClaims(trx, claims);
    await intendDeletion(
      trx,
      claims.map(({ file_id: fileId }) => fileId),
    );
  });
  const remove = () =>
    resumeDeletions(trainer, {
      permit: async ({ file_id }) => {
        const { held, bars_sha256: barsSha256, detail } = await client.heldFile({ params: { file_id } });
        return held && barsSha256 !== null ? { barsSha256, reason: 'test' } : (detail ?? '');
      },
      unlink: (path) => lake.remove(path),
      responsePath,
      onRecorded: () => Promise.resolve(),
      nowMs: () => Date.now(),
    });
  const raw = await filesIn('raw');
  const parts = await filesIn('curated');
  const bytes = await Promise.all(parts.map((path) => readFile(path)));
  for (const path of parts) await writeFile(path, 'damaged');
  const kept = await remove();
  assert.deepEqual([kept.deleted, kept.kept.length], [0, 2]);
  assert.match(kept.kept[0]?.why ?? '', /is not what its name says/);
  for (const [index, path] of parts.entries()) await writeFile(path, bytes[index]!);
  const answers = (await filesIn('responses')).length;
  assert.equal((await remove()).deleted, 2);
  assert.equal((await filesIn('raw')).length, raw.length - 2);
  assert.ok((await filesIn('responses')).length < answers);
  await assert.rejects(client.heldFile({ params: { file_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7' } }), {
    status: 404,
  });
  await trainer.destroy();
  await service.stop();
  for (const more of [[], ['--offline']]) {
    const { code, findings } = await verify(rig.env(), ...more);
    assert.deepEqual([code, findings], [0, []]);
  }
});

test('killed between the bytes and their row: the next run takes them over, and what nobody takes is swept', async () => {
  const env = await sources();
  const { child, client } = await spawnService(rig, env);
  children.push(child);
  const held = Promise.withResolvers<void>();
  const kill = Promise.withResolvers<void>();
  // Whoever holds the head of the raw log stops a registration right before its record.
  const holding = rig.database.db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('ledger.log:raw', 0))`.execute(trx);
    held.resolve();
    await kill.promise;
  });
  await held.promise;
  const asked = client.ingestOnce().catch(() => undefined);
  await until(async () => (await filesIn('responses')).length > 0 && (await filesIn('curated')).length > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await asked;
  kill.resolve();
  await holding;
  const orphans = await filesIn('responses');
  assert.ok(orphans.length > 0);
  const rows = await rig.database.db.selectFrom('ledger.raw_log').selectAll().execute();
  assert.deepEqual(rows, []);

  const left = join(rig.folder, 'lake', 'responses', 'ab', `ab${'0'.repeat(62)}.gz`);
  await rm(join(left, '..'), { recursive: true, force: true });
  await nodeDisk.makeFolder(join(left, '..'));
  await writeFile(left, 'of a chunk that nobody asked for again');
  const longAgo = (Date.now() - 2 * 3_600_000) / 1000;
  await utimes(left, longAgo, longAgo);
  const running = await rig.start(env);
  await ingestAll(running.client, STREAM);
  await running.service.stop();
  const result = await verify(rig.env());
  assert.deepEqual([result.code, result.findings], [0, []]);
  assert.ok(!(await filesIn('responses')).includes(left));
});

test('killed right after a registration: its records are in the database, and the next start exports them', async () => {
  const env = await sources();
  const { child, client } = await spawnService(rig, env);
  children.push(child);
  await client.ingestOnce();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const killed = await verify(rig.env());
  assert.equal(killed.code, 0);
  assert.ok(killed.not_exported > 0);
  const { service } = await rig.start(env);
  await service.stop();
  const result = await verify(rig.env(), '--offline');
  assert.deepEqual([result.code, result.findings], [0, []]);
  assert.ok(result.days[0]!.answers > 0);
});

for (const code of ['ENOSPC', 'EIO'])
  test(`${code} at any step of a chunk leaves no row, no record and no half file`, async () => {
    let failAt = Number.POSITIVE_INFINITY;
    let calls = 0;
    const step = async <T>(work: () => Promise<T>): Promise<T> => {
      if (calls++ === failAt) throw Object.assign(new Error('the disk failed'), { code });
      return work();
    };
    const disk: Disk = {
      ...nodeDisk,
      makeFolder: (path) => step(() => nodeDisk.makeFolder(path)),
      write: (path, bytes) => step(() => nodeDisk.write(path, bytes)),
      sync: (path) => step(() => nodeDisk.sync(path)),
      rename: (from, to) => step(() => nodeDisk.rename(from, to)),
    };
    const lake = folderLake(join(rig.folder, 'lake'), disk);
    const { client, service } = await rig.start(await sources(), { lake });
    let steps = 0;
    for (; ; steps++) {
      calls = 0;
      failAt = steps;
      const answer = await client.ingestOnce().catch((error: unknown) => error);
      if (!(answer instanceof Error)) break;
      assert.deepEqual((await client.files({ query: {} })).files, []);
      assert.deepEqual(await rig.database.db.selectFrom('ledger.raw_log').selectAll().execute(), []);
      for (const folder of ['raw', 'responses', 'curated'])
        assert.ok(!(await filesIn(folder)).some((path) => path.endsWith('.tmp')));
    }
    // Folder, write, sync, rename and sync of raw file, part and at least one answer.
    assert.ok(steps >= 15, `${steps} steps`);
    failAt = Number.POSITIVE_INFINITY;
    await ingestAll(client, STREAM);
    await service.stop();
    assert.equal((await verify(rig.env())).code, 0);
  });

test('the lake may be S3-compatible storage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-s3-'));
  const server = fork(join(ROOT, 'packages/lake/test/s3-process.ts'), [folder, 'lake'], {
    execArgv: ['--openssl-legacy-provider'],
  });
  children.push(server);
  const [port] = await once(server, 'message');
  const s3 = {
    LAKE_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    LAKE_S3_BUCKET: 'lake',
    LAKE_S3_ACCESS_KEY_ID: 'S3RVER',
    LAKE_S3_SECRET_ACCESS_KEY: 'S3RVER',
  };
  const { client, service } = await rig.start({ ...(await sources()), ...s3 });
  await ingestAll(client, STREAM);
  assert.equal((await allBars(client, STREAM)).length, BARS);
  await service.stop();
  assert.deepEqual(await filesIn('raw'), []);
  for (const more of [[], ['--offline']]) {
    const result = await verify(rig.env(s3), ...more);
    assert.deepEqual([result.code, result.findings], [0, []]);
    assert.equal(result.folders.raw.checked, BARS / CHUNK_BARS);
  }
  await rm(folder, { recursive: true });
});
