import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { sql } from 'kysely';

const CLAIMERS = 16;
const FILES = 2_000;
const STREAMS = 8;
const KILLS = 24;
const STOPS = 4;
const BETWEEN_BLOWS_MS_MAX = 250;
/** Longer than the claimers' lease: what goes on afterwards works on claims that are lost. */
const STOPPED_MS = 2_500;

let database: TestDatabase;
const claimers = new Set<ChildProcess>();
const paused = new Set<ChildProcess>();

before(async () => {
  database = await createTestDatabase();
  await sql`CREATE SCHEMA proof`.execute(database.db);
  await sql`CREATE TABLE proof.result (file_id uuid NOT NULL, claimer text NOT NULL)`.execute(database.db);
  await sql`CREATE TABLE proof.stale (claimer text NOT NULL)`.execute(database.db);
  await sql`GRANT USAGE ON SCHEMA proof TO aistock_ml_service`.execute(database.db);
  await sql`GRANT INSERT ON proof.result, proof.stale TO aistock_ml_service`.execute(database.db);
  await registerAll();
});
after(async () => {
  for (const claimer of claimers) claimer.kill('SIGKILL');
  await database.drop();
});

function registerAll() {
  return sql`
    INSERT INTO ledger.file (stream, sha256, path, rows, bytes, first_open_at, last_open_at)
    SELECT 'csv:PROOF' || n % ${STREAMS} || ':1m', encode(sha256(n::text::bytea), 'hex'), 'raw/' || n, 1, 1,
      to_timestamp(n * 60), to_timestamp(n * 60) FROM generate_series(1, ${FILES}::integer) AS n`.execute(
    database.db,
  );
}

/** Starts a claimer, and starts it again whenever it is killed. Settles when it ends because all is done. */
async function keepClaiming(): Promise<void> {
  for (;;) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'claimer.ts'), database.url('ml_service')],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    claimers.add(child);
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    claimers.delete(child);
    if (signal !== 'SIGKILL') return assert.equal(code, 0);
  }
}

/** Kills or stops claimers that hold claims, at random moments, until enough blows have landed or all is done. */
async function strike(done: AbortSignal): Promise<void> {
  for (let landed = 0; landed < KILLS + STOPS && !done.aborted;) {
    await delay(randomInt(BETWEEN_BLOWS_MS_MAX));
    const victim = await someHolder();
    if (victim === undefined) continue;
    if (landed % Math.ceil((KILLS + STOPS) / STOPS) === 0) void pause(victim);
    else victim.kill('SIGKILL');
    landed += 1;
  }
}

async function pause(victim: ChildProcess): Promise<void> {
  paused.add(victim);
  victim.kill('SIGSTOP');
  await delay(STOPPED_MS);
  victim.kill('SIGCONT');
  paused.delete(victim);
}

async function someHolder(): Promise<ChildProcess | undefined> {
  const { rows } = await sql<{ claimed_by: string }>`
    SELECT claimed_by FROM ledger.file WHERE status = 'processing' ORDER BY random() LIMIT 1`.execute(
    database.db,
  );
  const awake = [...claimers].filter((claimer) => !paused.has(claimer));
  return awake.find((claimer) => rows[0]?.claimed_by === `claimer:${claimer.pid}`);
}

async function count(query: ReturnType<typeof sql<{ n: number }>>): Promise<number> {
  return (await query.execute(database.db)).rows[0]?.n ?? Number.NaN;
}

test(`${CLAIMERS} claimers that are killed and stopped process each of ${FILES} files once`, async (context) => {
  const done = new AbortController();
  const blows = strike(done.signal);
  await Promise.all(Array.from({ length: CLAIMERS }, keepClaiming));
  done.abort();
  await blows;

  const status = await sql`SELECT status, count(*) AS files FROM ledger.file GROUP BY status`.execute(
    database.db,
  );
  assert.deepEqual(status.rows, [{ status: 'processed', files: FILES }]);
  assert.equal(await count(sql`SELECT count(*) AS n FROM proof.result`), FILES);
  assert.equal(await count(sql`SELECT count(DISTINCT file_id) AS n FROM proof.result`), FILES);

  const takeovers = sql<{ n: number }>`
    SELECT count(*) AS n FROM ledger.transition WHERE from_status = 'processing' AND to_status = 'processing'`;
  const stale = await count(sql`SELECT count(*) AS n FROM proof.stale`);
  context.diagnostic(`${await count(takeovers)} claims taken over, ${stale} stale finishes refused`);
  assert.ok((await count(takeovers)) > 0, 'no claim was ever lost: the proof did not prove anything');
  const gaps = sql<{ n: number }>`
    SELECT count(*) AS n FROM (
      SELECT max(claim_epoch) AS last, count(*) FILTER (WHERE to_status = 'processing') AS claims,
        count(*) FILTER (WHERE to_status = 'processed') AS finishes
      FROM ledger.transition GROUP BY file_id
    ) AS history WHERE last <> claims OR finishes <> 1`;
  assert.equal(await count(gaps), 0, 'the history of a file has a gap or a second finish');
});
