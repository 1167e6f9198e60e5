import type { Db } from '@aistock/database';
import { canonicalJson } from '@aistock/shared';
import { sql } from 'kysely';
import type { FullRequest, Point, PointResult } from '../job/run-job.ts';
import { LEASE_MS } from './run-claims.ts';

/** Rows of one insert. */
const ROWS_MAX = 1_000;

/** A point of a run that this process works on. */
export interface ItemClaim {
  readonly runId: string;
  readonly item: number;
  readonly epoch: number;
  readonly point: Point;
}

/** What whoever helps with a run has to know of it. */
export interface HelpedRun {
  readonly runId: string;
  readonly request: FullRequest;
  /** The data that the run's own process has read; another process must read the same. */
  readonly dataSha256: Readonly<Record<string, string>>;
  readonly codeVersion: string;
}

const leaseEnd = () => sql`clock_timestamp() + ${LEASE_MS} * interval '1 millisecond'`;

/** Puts points up for everyone to work on. Those that are there stay as they are: they may be done already. */
export async function offerItems(
  db: Db,
  runId: string,
  first: number,
  points: readonly Point[],
): Promise<void> {
  for (let from = 0; from < points.length; from += ROWS_MAX)
    await db
      .insertInto('engine.sweep_item')
      .values(
        points.slice(from, from + ROWS_MAX).map((point, index) => ({
          run_id: runId,
          item: first + from + index,
          point: canonicalJson(point),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Claims items of a run that wait, or whose claim has run out, in their order. No two claimers get the same one. */
export async function claimItems(
  db: Db,
  { claimer, runId, limit }: { readonly claimer: string; readonly runId: string; readonly limit: number },
): Promise<ItemClaim[]> {
  const { rows } = await sql<{ item: number; claim_epoch: number; point: Point }>`
    WITH due AS (
      SELECT item FROM engine.sweep_item JOIN engine.run USING (run_id)
      WHERE run_id = ${runId} AND run.status = 'running'
        AND (sweep_item.status = 'waiting' OR sweep_item.status = 'running' AND sweep_item.lease_until <= clock_timestamp())
      ORDER BY item LIMIT ${limit} FOR UPDATE OF sweep_item SKIP LOCKED
    )
    UPDATE engine.sweep_item AS line SET status = 'running', claim_epoch = line.claim_epoch + 1,
      claimed_by = ${claimer}, lease_until = ${leaseEnd()}
    FROM due WHERE line.run_id = ${runId} AND line.item = due.item
    RETURNING line.item, line.claim_epoch, line.point`.execute(db);
  return rows
    .map(({ item, claim_epoch: epoch, point }) => ({ runId, item, epoch, point }))
    .toSorted((a, b) => a.item - b.item);
}

/** The oldest run with items that wait for somebody, apart from those that this process cannot help with. */
export async function findHelp(db: Db, notMine: readonly string[]): Promise<HelpedRun | undefined> {
  const { rows } = await sql<{
    run_id: string;
    request: FullRequest;
    data_sha256: Record<string, string>;
    code_version: string;
  }>`
    SELECT run_id, request, data_sha256, code_version FROM engine.run
    WHERE status = 'running' AND data_sha256 IS NOT NULL AND run_id <> ALL (${[...notMine]}::uuid[]) AND EXISTS (
      SELECT FROM engine.sweep_item AS line WHERE line.run_id = run.run_id
        AND (line.status = 'waiting' OR line.status = 'running' AND line.lease_until <= clock_timestamp()))
    ORDER BY created_at LIMIT 1`.execute(db);
  const [row] = rows;
  return (
    row && {
      runId: row.run_id,
      request: row.request,
      dataSha256: row.data_sha256,
      codeVersion: row.code_version,
    }
  );
}

/** Renews claims that still hold. @returns how many did. */
export async function renewItems(db: Db, claims: readonly ItemClaim[]): Promise<number> {
  const { numAffectedRows } = await sql`
    UPDATE engine.sweep_item SET lease_until = ${leaseEnd()} WHERE ${holds(claims)}`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** Writes what came of items; where a claim no longer holds, nothing is changed: somebody else has the item, with the same result. */
export async function finishItems(
  db: Db,
  claims: readonly ItemClaim[],
  results: readonly PointResult[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    for (const [index, claim] of claims.entries())
      await sql`
        UPDATE engine.sweep_item SET status = 'done', lease_until = NULL,
          figures = ${JSON.stringify(results[index])}::jsonb
        WHERE ${holds([claim])}`.execute(trx);
  });
}

const PROBLEM_CHARACTERS_MAX = 1_000;

/** Says that an item cannot be run, whoever tries. */
export async function failItems(db: Db, claims: readonly ItemClaim[], problem: string): Promise<void> {
  await sql`
    UPDATE engine.sweep_item SET status = 'failed', lease_until = NULL,
      problem = ${problem.slice(0, PROBLEM_CHARACTERS_MAX)}
    WHERE ${holds(claims)}`.execute(db);
}

/** Gives items back for others. */
export async function releaseItems(db: Db, claims: readonly ItemClaim[]): Promise<void> {
  await sql`
    UPDATE engine.sweep_item SET status = 'waiting', lease_until = NULL, claimed_by = NULL
    WHERE ${holds(claims)}`.execute(db);
}

/** True for rows whose claim is one of these and still runs, by the clock of the database. */
function holds(claims: readonly ItemClaim[]) {
  const items = claims.map(({ item }) => item);
  const epochs = claims.map(({ epoch }) => epoch);
  return sql<boolean>`run_id = ${claims[0]?.runId ?? null}
    AND (item, claim_epoch) IN (SELECT * FROM unnest(${items}::integer[], ${epochs}::bigint[]))
    AND status = 'running' AND lease_until > clock_timestamp()`;
}

/** How far the items from one up to, and without, another are. */
export async function countItems(
  db: Db,
  runId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<{ readonly done: number; readonly problem: string | null }> {
  return db
    .selectFrom('engine.sweep_item')
    .select([
      sql<number>`count(*) FILTER (WHERE status = 'done')::int`.as('done'),
      sql<string | null>`min(problem)`.as('problem'),
    ])
    .where('run_id', '=', runId)
    .where('item', '>=', from)
    .where('item', '<', to)
    .executeTakeFirstOrThrow();
}

/** What came of these items, in their order; all of them must be done. */
export async function readResults(
  db: Db,
  runId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<PointResult[]> {
  const rows = await db
    .selectFrom('engine.sweep_item')
    .select('figures')
    .where('run_id', '=', runId)
    .where('item', '>=', from)
    .where('item', '<', to)
    .orderBy('item')
    .execute();
  return rows.map(({ figures }) => figures as unknown as PointResult);
}
