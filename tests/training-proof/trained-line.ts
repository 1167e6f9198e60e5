import type { Db } from '@aistock/database';
import { sql } from 'kysely';

/** A model of a line, and the runs of it. */
export interface LineModel {
  readonly modelId: string;
  /** Rows of the files that its run claimed. */
  readonly rows: number;
  /** Open time of the last bar of those files, Unix ms. */
  readonly lastOpenMs: number;
  readonly artefact: string;
  /** What a later run goes on from. */
  readonly carried: string;
}

/** Models that were trained on claimed files, in the order in which they were written. */
export async function lineModels(db: Db, stream: string): Promise<LineModel[]> {
  const { rows } = await sql<LineModel>`
    SELECT model.model_id AS "modelId", model.artefact, model.carried, sum(file.rows)::int AS rows,
      extract(epoch FROM max(file.last_open_at))::float8 * 1000 AS "lastOpenMs"
    FROM ml.model AS model
    JOIN ml.run_file AS used USING (run_id) JOIN ledger.file AS file USING (file_id)
    WHERE model.stream = ${stream}
    GROUP BY model.model_id ORDER BY model.created_at, model.model_id`.execute(db);
  return rows;
}

export interface LineRuns {
  readonly trained: number;
  /** Claims of runs that trained something in the end, those that were lost too. */
  readonly attempts: number;
  /** Runs that ended in another way than with a model, or with nothing to train. */
  readonly failed: readonly string[];
  /** Models of runs that do not say that they trained one, or that wrote more than one. */
  readonly modelsTooMany: number;
  /** Runs that ended more than once, as the database wrote it down. */
  readonly endedAgain: number;
}

export async function lineRuns(db: Db, stream: string): Promise<LineRuns> {
  const { rows } = await sql<LineRuns>`
    SELECT count(*) FILTER (WHERE status = 'trained')::int AS trained,
      coalesce(sum(attempts) FILTER (WHERE status = 'trained'), 0)::int AS attempts,
      coalesce(array_agg(DISTINCT status || ' ' || coalesce(problem_code, ''))
        FILTER (WHERE status NOT IN ('trained', 'nothing_to_train')), '{}') AS failed,
      coalesce(sum(greatest(models - (status = 'trained')::int, 0)), 0)::int AS "modelsTooMany",
      coalesce(sum(greatest(ends - 1, 0)), 0)::int AS "endedAgain"
    FROM (
      SELECT run.*,
        (SELECT count(*)::int FROM ml.model AS model WHERE model.run_id = run.run_id) AS models,
        (SELECT count(*)::int FROM ml.run_event AS event
          WHERE event.run_id = run.run_id AND event.status NOT IN ('queued', 'running')) AS ends
      FROM ml.run AS run WHERE stream = ${stream}
    ) AS run`.execute(db);
  return rows[0]!;
}

/** The run of a stream that is worked on; undefined where none is. */
export async function runningRun(db: Db, stream: string) {
  return db
    .selectFrom('ml.run')
    .select(['run_id', 'claimed_by', 'claim_epoch'])
    .where('stream', '=', stream)
    .where('status', '=', 'running')
    .executeTakeFirst();
}

export type RunningRun = NonNullable<Awaited<ReturnType<typeof runningRun>>>;

/** How long runs took that trained at the first attempt; null before there was one. */
export async function medianRunMs(db: Db, stream: string): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    SELECT (extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY finished_at - started_at)) * 1000)::float8 AS ms
    FROM ml.run WHERE stream = ${stream} AND status = 'trained' AND attempts = 1`.execute(db);
  return rows[0]?.ms ?? null;
}
