import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import type { PeriodRange } from './plan-build.ts';

/**
 * SHA-256 over those of all files whose bars count in each range: another file, a revision or one that was taken back makes
 * another hash. By period; one without files is left out.
 */
export async function inputHashes(
  db: Db,
  stream: string,
  ranges: readonly PeriodRange[],
): Promise<Map<string, string>> {
  const { rows } = await sql<{ period: string; inputs_sha256: string }>`
    SELECT range.period,
      encode(sha256(convert_to(string_agg(
        file.sha256 || ' ' || file.revision, ',' ORDER BY file.revision, file.first_open_at
      ), 'UTF8')), 'hex') AS inputs_sha256
    FROM unnest(
      ${ranges.map(({ period }) => period)}::text[],
      ${ranges.map(({ fromMs }) => new Date(fromMs))}::timestamptz[],
      ${ranges.map(({ toMs }) => new Date(toMs))}::timestamptz[]
    ) AS range (period, from_at, to_at)
    JOIN ledger.file ON file.stream = ${stream} AND file.is_used
      AND file.first_open_at <= range.to_at AND file.last_open_at >= range.from_at
    GROUP BY range.period`.execute(db);
  return new Map(rows.map(({ period, inputs_sha256: sha256 }) => [period, sha256]));
}
