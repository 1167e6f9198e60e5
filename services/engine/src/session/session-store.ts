import type { Db, SessionRow, Trx } from '@aistock/database';
import { emitEvent, ServiceError } from '@aistock/service-kit';
import { canonicalJson, sha256Hex } from '@aistock/shared';
import { sql } from 'kysely';
import type { SessionTerms } from './session-terms.ts';

const SESSIONS_LISTED_DEFAULT = 100;
const DETAIL_CHARACTERS_MAX = 1_000;

/** A row as it is worked with. */
export type StoredSession = Omit<SessionRow, 'terms'> & { readonly terms: SessionTerms };

/** In the place of the column: a claim that ran out is nobody's, whoever died with it. */
const holder = sql<string | null>`CASE WHEN lease_until > clock_timestamp() THEN claimed_by END`.as(
  'claimed_by',
);

/** What makes a request the same request: everything but the times. */
export function termsSha256(asked: SessionTerms['asked']): string {
  return sha256Hex(canonicalJson(asked));
}

export async function findOpen(
  db: Db,
  { account, sha256 }: { readonly account: string; readonly sha256: string },
): Promise<StoredSession | undefined> {
  const row = await db
    .selectFrom('engine.session')
    .selectAll()
    .where('account', '=', account)
    .where('terms_sha256', '=', sha256)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return row && toStored(row);
}

/** @throws ServiceError `session_unknown`. */
export async function findSession(db: Db, sessionId: string): Promise<StoredSession> {
  const row = await db
    .selectFrom('engine.session')
    .selectAll()
    .select(holder)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (row) return toStored(row);
  throw new ServiceError('session_unknown', 404, `there is no session ${sessionId}`);
}

export async function listSessions(
  db: Db,
  {
    account,
    status,
    limit,
  }: { account?: string | undefined; status?: SessionRow['status'] | undefined; limit?: number | undefined },
): Promise<StoredSession[]> {
  const rows = await db
    .selectFrom('engine.session')
    .selectAll()
    .select(holder)
    .$if(account !== undefined, (query) => query.where('account', '=', account ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? 'open'))
    .orderBy('created_at', 'desc')
    .orderBy('session_id')
    .limit(limit ?? SESSIONS_LISTED_DEFAULT)
    .execute();
  return rows.map(toStored);
}

/** Writes a new session with the state that it begins with; its start is on the record. */
export async function insertSession(
  trx: Trx,
  terms: SessionTerms,
  firstState: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { account, mode } = terms.asked;
  const { session_id: sessionId } = await trx
    .insertInto('engine.session')
    .values({ account, mode, terms_sha256: termsSha256(terms.asked), terms: JSON.stringify(terms) })
    .returning('session_id')
    .executeTakeFirstOrThrow();
  await trx
    .insertInto('engine.snapshot')
    .values({ session_id: sessionId, seq: 0, state: JSON.stringify(firstState) })
    .execute();
  await emitEvent(trx, { kind: 'session.started', subject: sessionId, payload: { ...terms } });
  return sessionId;
}

/**
 * Asks the process that trades a session to end it, and ends it at once where none does. A failed one that was looked at
 * no longer stands in the way of others.
 */
export async function requestStop(db: Db, sessionId: string): Promise<StoredSession> {
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('engine.session')
      .set({ status: 'stopped' })
      .where('session_id', '=', sessionId)
      .where('status', '=', 'failed')
      .execute();
    const { rows } = await sql<{ claimed: boolean }>`
      UPDATE engine.session SET stop_requested = true WHERE session_id = ${sessionId} AND status = 'open'
      RETURNING coalesce(lease_until > clock_timestamp(), false) AS claimed`.execute(trx);
    if (rows[0]?.claimed === false) await endSession(trx, sessionId, null);
  });
  return findSession(db, sessionId);
}

/** @throws ServiceError `session_failed` while a failed session of the account was not looked at. */
export async function refuseAfterFailure(db: Db, account: string): Promise<void> {
  const failed = await db
    .selectFrom('engine.session')
    .select(['session_id', 'problem_code'])
    .where('account', '=', account)
    .where('status', '=', 'failed')
    .executeTakeFirst();
  if (!failed) return;
  const detail =
    `session ${failed.session_id} of account ${account} failed with ${failed.problem_code}; ` +
    'find out why, then end it with POST /session/{id}/stop';
  throw new ServiceError('session_failed', 409, detail);
}

/** @throws ServiceError `session_running` where the account has a live session. */
export async function refuseBesideLive(db: Db, account: string): Promise<void> {
  const live = await db
    .selectFrom('engine.session')
    .select('session_id')
    .where('account', '=', account)
    .where('mode', '=', 'live')
    .where('status', '=', 'open')
    .executeTakeFirst();
  if (!live) return;
  const detail = `account ${account} is traded by live session ${live.session_id}; stop it first`;
  throw new ServiceError('session_running', 409, detail);
}

/** Live sessions that nobody trades. */
export async function waitingSessions(db: Db, limit: number): Promise<StoredSession[]> {
  const { rows } = await sql<SessionRow>`
    SELECT * FROM engine.session
    WHERE mode = 'live' AND status = 'open' AND (lease_until IS NULL OR lease_until <= clock_timestamp())
    ORDER BY created_at LIMIT ${limit}`.execute(db);
  return rows.map(toStored);
}

/** Notes why an open session that nobody trades broke off; null once it goes on. */
export async function noteProblem(
  db: Db,
  sessionId: string,
  problem: { readonly code: string; readonly detail: string } | null,
): Promise<void> {
  await db
    .updateTable('engine.session')
    .set({
      problem_code: problem?.code ?? null,
      problem_detail: problem?.detail.slice(0, DETAIL_CHARACTERS_MAX) ?? null,
    })
    .where('session_id', '=', sessionId)
    .where('status', '=', 'open')
    .$if(problem !== null, (session) => session.where('claimed_by', 'is', null))
    .execute();
}

/** Ends a session for good: stopped, or failed for a problem. One that has ended stays as it is. */
export async function endSession(
  trx: Trx,
  sessionId: string,
  problem: { readonly code: string; readonly detail: string } | null,
): Promise<void> {
  const ended = await trx
    .updateTable('engine.session')
    .set({
      status: problem ? 'failed' : 'stopped',
      problem_code: problem?.code ?? null,
      problem_detail: problem?.detail.slice(0, DETAIL_CHARACTERS_MAX) ?? null,
      claimed_by: null,
      lease_until: null,
      ended_at: sql<Date>`clock_timestamp()`,
    })
    .where('session_id', '=', sessionId)
    .where('status', '=', 'open')
    .returning(['account', 'seq'])
    .executeTakeFirst();
  if (!ended) return;
  await emitEvent(trx, {
    kind: problem ? 'session.failed' : 'session.stopped',
    subject: sessionId,
    payload: { account: ended.account, closes: ended.seq, ...(problem && { ...problem }) },
  });
}

function toStored(row: SessionRow): StoredSession {
  return { ...row, terms: row.terms as unknown as SessionTerms };
}
