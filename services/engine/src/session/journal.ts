import type { Db } from '@aistock/database';
import { sha256Hex, type SessionState } from '@aistock/shared';
import type { CoreEvent } from '@aistock/trading/core';
import { sql } from 'kysely';
import { requireClaim, type Claim } from './claim.ts';

/** Rows that are read, or written, at a time. */
const ROWS_PER_PAGE = 500;
/** Snapshots that are kept: the newest may be of a close whose outcomes a reader is still working on. */
const SNAPSHOTS_KEPT = 2;
/** Days back, by the newest one, whose beginning can still be come back to: as far as days are run again. */
const DAYS_KEPT = 32;

/** What one close was decided from, and what was decided. */
export interface JournalEntry {
  readonly seq: number;
  readonly closeMs: number;
  /** In the order in which they were told; the close last. */
  readonly events: readonly CoreEvent[];
  readonly lines: readonly string[];
}

/** SHA-256 of lines as they are in the log, each with an end of line. */
export function linesSha256(lines: readonly string[]): string {
  return sha256Hex(lines.map((line) => `${line}\n`).join(''));
}

/**
 * Writes closes down, and what the session shows after them; all or nothing, and only while the claim holds.
 * @throws ClaimLost.
 */
export async function appendJournal(
  db: Db,
  claim: Claim,
  entries: readonly JournalEntry[],
  view: SessionState,
): Promise<void> {
  const last = entries.at(-1);
  if (!last) return;
  await db.transaction().execute(async (trx) => {
    await requireClaim(trx, claim);
    for (let from = 0; from < entries.length; from += ROWS_PER_PAGE)
      await trx
        .insertInto('engine.journal')
        .values(entries.slice(from, from + ROWS_PER_PAGE).map((entry) => toRow(claim.sessionId, entry)))
        .execute();
    await trx
      .updateTable('engine.session')
      .set({ seq: last.seq, closed_at: new Date(last.closeMs), view: JSON.stringify(view) })
      .where('session_id', '=', claim.sessionId)
      .execute();
  });
}

/** What the session shows now, between two closes. @throws ClaimLost. */
export async function noteView(db: Db, claim: Claim, view: SessionState): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await requireClaim(trx, claim);
    await trx
      .updateTable('engine.session')
      .set({ view: JSON.stringify(view) })
      .where('session_id', '=', claim.sessionId)
      .execute();
  });
}

function toRow(sessionId: string, { seq, closeMs, events, lines }: JournalEntry) {
  return {
    session_id: sessionId,
    seq,
    closed_at: new Date(closeMs),
    events: JSON.stringify(events),
    lines: [...lines],
    lines_sha256: linesSha256(lines),
  };
}

/** A close as it was written down. */
export type RecordedEntry = JournalEntry & { readonly linesSha256: string };

/** The journal after a close, in order, a page at a time. */
export async function* readJournal(
  db: Db,
  sessionId: string,
  afterSeq: number,
): AsyncGenerator<RecordedEntry, void> {
  for (let after = afterSeq; ;) {
    const rows = await db
      .selectFrom('engine.journal')
      .selectAll()
      .where('session_id', '=', sessionId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(ROWS_PER_PAGE)
      .execute();
    for (const row of rows)
      yield {
        seq: row.seq,
        closeMs: row.closed_at.getTime(),
        events: row.events as unknown as readonly CoreEvent[],
        lines: row.lines,
        linesSha256: row.lines_sha256,
      };
    if (rows.length < ROWS_PER_PAGE) return;
    after = rows.at(-1)!.seq;
  }
}

/** The lines of closes, in order. */
export async function readLines(
  db: Db,
  sessionId: string,
  { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('engine.journal')
    .select('lines')
    .where('session_id', '=', sessionId)
    .where('seq', '>=', fromSeq)
    .where('seq', '<=', toSeq)
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ lines }) => lines);
}

/** When a close was written down, Unix ms. @throws Error where it was not. */
export async function recordedBy(db: Db, sessionId: string, seq: number): Promise<number> {
  const { recorded_at: recordedAt } = await db
    .selectFrom('engine.journal')
    .select('recorded_at')
    .where('session_id', '=', sessionId)
    .where('seq', '=', seq)
    .executeTakeFirstOrThrow();
  return recordedAt.getTime();
}

export interface Snapshot {
  readonly seq: number;
  readonly state: unknown;
}

/** @throws Error where there is none: a session begins with one. */
export async function newestSnapshot(db: Db, sessionId: string): Promise<Snapshot> {
  return db
    .selectFrom('engine.snapshot')
    .select(['seq', 'state'])
    .where('session_id', '=', sessionId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
}

/** The newest state of a time or before; undefined where none is kept. */
export async function snapshotBefore(db: Db, sessionId: string, atMs: number): Promise<Snapshot | undefined> {
  const { rows } = await sql<Snapshot>`
    SELECT seq, state FROM engine.snapshot LEFT JOIN engine.journal USING (session_id, seq)
    WHERE session_id = ${sessionId} AND (seq = 0 OR closed_at <= ${new Date(atMs)})
    ORDER BY seq DESC LIMIT 1`.execute(db);
  return rows[0];
}

/** Keeps a state, and lets go of those that nothing begins with any more. @throws ClaimLost. */
export async function writeSnapshot(db: Db, claim: Claim, { seq, state }: Snapshot): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await requireClaim(trx, claim);
    await trx
      .insertInto('engine.snapshot')
      .values({ session_id: claim.sessionId, seq, state: JSON.stringify(state) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await sql`
      WITH kept AS (
        SELECT seq, coalesce(closed_at, '-infinity') AS closed_at
        FROM engine.snapshot LEFT JOIN engine.journal USING (session_id, seq) WHERE session_id = ${claim.sessionId}
      ), midnights AS (
        SELECT date_trunc('day', max(closed_at), 'UTC') - ago * interval '1 day' AS at
        FROM kept, generate_series(0, ${DAYS_KEPT}) AS ago GROUP BY ago
      )
      DELETE FROM engine.snapshot WHERE session_id = ${claim.sessionId}
        AND seq NOT IN (SELECT seq FROM kept ORDER BY seq DESC LIMIT ${SNAPSHOTS_KEPT})
        AND seq NOT IN (SELECT max(seq) FROM kept JOIN midnights ON closed_at <= at GROUP BY at)`.execute(
      trx,
    );
  });
}
