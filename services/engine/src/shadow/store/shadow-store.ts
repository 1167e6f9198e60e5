import type { Db, ShadowDayRow } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { ShadowDay, ShadowResult, ShadowSummary } from '@aistock/shared';
import { sql } from 'kysely';

const DAYS_LISTED_DEFAULT = 100;

/** A row with the account of its session. */
export type StoredDay = ShadowDayRow & { readonly account: string };

/** Puts up the days of live sessions that were closed in a time and are not there yet; how many there were. */
export async function putUpDays(
  db: Db,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<number> {
  const { numAffectedRows } = await sql`
    INSERT INTO engine.shadow_day (session_id, day)
    SELECT DISTINCT session_id, ((journal.closed_at - interval '1 millisecond') AT TIME ZONE 'UTC')::date
    FROM engine.journal AS journal JOIN engine.session AS session USING (session_id)
    WHERE session.mode = 'live' AND journal.closed_at > ${new Date(fromMs)} AND journal.closed_at <= ${new Date(toMs)}
    ON CONFLICT (session_id, day) DO NOTHING`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** Puts up a day, also one that failed before. @returns its id. */
export async function askForDay(db: Db, sessionId: string, day: string): Promise<string> {
  await db
    .insertInto('engine.shadow_day')
    .values({ session_id: sessionId, day })
    .onConflict((conflict) =>
      conflict
        .columns(['session_id', 'day'])
        .doUpdateSet({
          status: 'waiting',
          attempts: 0,
          next_at: sql`clock_timestamp()`,
          problem_code: null,
          problem_detail: null,
          finished_at: null,
        })
        .where('engine.shadow_day.status', '=', 'failed'),
    )
    .execute();
  const { shadow_id: shadowId } = await db
    .selectFrom('engine.shadow_day')
    .select('shadow_id')
    .where('session_id', '=', sessionId)
    .where('day', '=', day)
    .executeTakeFirstOrThrow();
  return shadowId;
}

/** @throws ServiceError `shadow_unknown`. */
export async function findDay(db: Db, shadowId: string): Promise<StoredDay> {
  const row = await daysWithAccount(db).where('shadow_id', '=', shadowId).executeTakeFirst();
  if (row) return row;
  throw new ServiceError('shadow_unknown', 404, `there is no shadow day ${shadowId}; GET /shadow lists them`);
}

/** Newest day first. */
export function listDays(
  db: Db,
  {
    session_id: sessionId,
    verdict,
    limit,
  }: {
    session_id?: string | undefined;
    verdict?: ShadowDayRow['verdict'] | undefined;
    limit?: number | undefined;
  },
): Promise<StoredDay[]> {
  return daysWithAccount(db)
    .$if(sessionId !== undefined, (query) => query.where('shadow.session_id', '=', sessionId ?? ''))
    .$if(verdict !== undefined, (query) => query.where('verdict', '=', verdict ?? null))
    .orderBy('day', 'desc')
    .orderBy('shadow_id')
    .limit(limit ?? DAYS_LISTED_DEFAULT)
    .execute();
}

/** The newest day of each live session that is open. */
export async function newestDays(db: Db): Promise<StoredDay[]> {
  return daysWithAccount(db)
    .distinctOn('shadow.session_id')
    .where('session.mode', '=', 'live')
    .where('session.status', '=', 'open')
    .orderBy('shadow.session_id')
    .orderBy('day', 'desc')
    .execute();
}

function daysWithAccount(db: Db) {
  return db
    .selectFrom('engine.shadow_day as shadow')
    .innerJoin('engine.session as session', 'session.session_id', 'shadow.session_id')
    .selectAll('shadow')
    .select('session.account');
}

export function dayToWire(row: StoredDay): ShadowDay {
  return { ...summaryToWire(row), result: row.result as ShadowResult | null };
}

export function summaryToWire(row: StoredDay): ShadowSummary {
  const result = row.result as ShadowResult | null;
  return {
    shadow_id: row.shadow_id,
    session_id: row.session_id,
    account: row.account,
    day: row.day,
    status: row.status,
    verdict: row.verdict,
    difference: result?.difference ?? null,
    difference_bps: result?.difference_bps ?? null,
    kills: row.kills as unknown as ShadowSummary['kills'],
    attempts: row.attempts,
    problem: row.problem_code === null ? null : { code: row.problem_code, detail: row.problem_detail ?? '' },
    created_ms: row.created_at.getTime(),
    finished_ms: row.finished_at?.getTime() ?? null,
  };
}
