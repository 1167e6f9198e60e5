import type { Db } from '@aistock/database';
import { sql } from 'kysely';

/** Lets the database itself write down every change of a watermark, so that none can be missed between two looks. */
export async function recordWatermarks(db: Db): Promise<void> {
  await sql`CREATE TABLE public.watermark_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL, was timestamptz, became timestamptz)`.execute(db);
  await sql`CREATE FUNCTION public.record_watermark() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO public.watermark_change (stream, was, became) VALUES
        (coalesce(NEW.stream, OLD.stream), OLD.open_at, NEW.open_at);
      RETURN NULL;
    END $$`.execute(db);
  await sql`CREATE TRIGGER record_watermark AFTER INSERT OR UPDATE OR DELETE ON ledger.watermark
    FOR EACH ROW EXECUTE FUNCTION public.record_watermark()`.execute(db);
}

export interface LedgerFaults {
  readonly watermarkChanges: number;
  /** Changes that took a watermark back, or away. */
  readonly wentBack: number;
  /** Pairs of used files of one revision that hold the same time. */
  readonly overlaps: number;
  readonly files: number;
}

export async function ledgerFaults(db: Db, stream: string): Promise<LedgerFaults> {
  const { rows } = await sql<LedgerFaults>`
    SELECT
      (SELECT count(*)::int FROM public.watermark_change WHERE stream = ${stream}) AS "watermarkChanges",
      (SELECT count(*)::int FROM public.watermark_change
        WHERE stream = ${stream} AND (became IS NULL OR became < was)) AS "wentBack",
      (SELECT count(*)::int FROM ledger.file a JOIN ledger.file b
          ON a.stream = b.stream AND a.revision = b.revision AND a.file_id < b.file_id
          AND a.first_open_at <= b.last_open_at AND b.first_open_at <= a.last_open_at
        WHERE a.stream = ${stream} AND a.is_used AND b.is_used) AS overlaps,
      (SELECT count(*)::int FROM ledger.file WHERE stream = ${stream} AND is_used) AS files`.execute(db);
  return rows[0]!;
}
