import type { Db, RunTable } from '@aistock/database';
import { sql, type Insertable, type Selectable } from 'kysely';

export type RunRow = Selectable<RunTable>;

export interface RunProblem {
  readonly code: string;
  readonly detail: string;
}

export const DETAIL_LENGTH_MAX = 1_000;

export async function insertRun(db: Db, run: Insertable<RunTable>): Promise<void> {
  await db.insertInto('ml.run').values(run).execute();
}

/** Ends a run that did not work. One that has ended already stays as it is. */
export async function failRun(db: Db, runId: string, problem: RunProblem, at: Date): Promise<void> {
  await db
    .updateTable('ml.run')
    .set({
      status: 'failed',
      problem_code: problem.code,
      problem_detail: problem.detail.slice(0, DETAIL_LENGTH_MAX),
      finished_at: at,
    })
    .where('run_id', '=', runId)
    .where('status', '=', 'running')
    .execute();
}

/**
 * Marks runs as abandoned whose process is gone: they run, but none of their claims does.
 * @returns how many.
 */
export async function abandonDeadRuns(db: Db, at: Date): Promise<number> {
  const { rows } = await sql`
    UPDATE ml.run SET status = 'abandoned', finished_at = ${at}, problem_code = 'abandoned',
      problem_detail = 'the process that trained ended; its files are free to be claimed again'
    WHERE status = 'running' AND NOT EXISTS (
      SELECT FROM ledger.file WHERE file.claimed_by = run.claimer
        AND file.status = 'processing' AND file.lease_until > clock_timestamp())
    RETURNING run_id`.execute(db);
  return rows.length;
}

export async function findRun(db: Db, runId: string): Promise<RunRow | undefined> {
  return db.selectFrom('ml.run').selectAll().where('run_id', '=', runId).executeTakeFirst();
}
