import type { Db } from '@aistock/database';
import { sql } from 'kysely';

/** Lets the database itself write down each time that a file becomes processed or ceases to be, so that none can be missed. */
export async function recordProcessed(db: Db): Promise<void> {
  await sql`CREATE TABLE public.processed_change (
    file_id uuid NOT NULL, was text NOT NULL, became text NOT NULL, at timestamptz NOT NULL)`.execute(db);
  await sql`CREATE FUNCTION public.record_processed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO public.processed_change VALUES (NEW.file_id, OLD.status, NEW.status, clock_timestamp());
      RETURN NULL;
    END $$`.execute(db);
  await sql`CREATE TRIGGER record_processed AFTER UPDATE ON ledger.file
    FOR EACH ROW WHEN ('processed' IN (OLD.status, NEW.status) AND OLD.status <> NEW.status)
    EXECUTE FUNCTION public.record_processed()`.execute(db);
}

/** A file of a stream, and what the database wrote down of it. */
export interface ProcessedFile {
  readonly firstOpenMs: number;
  readonly lastOpenMs: number;
  readonly rows: number;
  /** How often it became processed. */
  readonly processed: number;
  /** How often it ceased to be. */
  readonly undone: number;
  /** When it became processed first, Unix ms; null where it never did. */
  readonly processedMs: number | null;
  /** Runs that say that they trained on it, and those of them that did so under the claim that the file ended with. */
  readonly runs: number;
  readonly runsWithItsClaim: number;
}

/** In order of time. */
export async function processedFiles(db: Db, stream: string): Promise<ProcessedFile[]> {
  const { rows } = await sql<ProcessedFile>`
    SELECT extract(epoch FROM file.first_open_at)::float8 * 1000 AS "firstOpenMs",
      extract(epoch FROM file.last_open_at)::float8 * 1000 AS "lastOpenMs", file.rows::int AS rows,
      (SELECT count(*)::int FROM public.processed_change AS change
        WHERE change.file_id = file.file_id AND became = 'processed') AS processed,
      (SELECT count(*)::int FROM public.processed_change AS change
        WHERE change.file_id = file.file_id AND was = 'processed') AS undone,
      (SELECT extract(epoch FROM min(at))::float8 * 1000 FROM public.processed_change AS change
        WHERE change.file_id = file.file_id) AS "processedMs",
      (SELECT count(*)::int FROM ml.run_file AS used WHERE used.file_id = file.file_id) AS runs,
      (SELECT count(*)::int FROM ml.run_file AS used
        WHERE used.file_id = file.file_id AND used.claim_epoch = file.claim_epoch) AS "runsWithItsClaim"
    FROM ledger.file AS file WHERE stream = ${stream} ORDER BY first_open_at`.execute(db);
  return rows;
}
