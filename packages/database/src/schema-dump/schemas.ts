import { sql } from 'kysely';
import type { Trx } from '../database.ts';

/** The schemas of a database that are ours, in order of name: all but those of Postgres itself. */
export async function ownSchemas(trx: Trx): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    SELECT nspname AS name FROM pg_catalog.pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname COLLATE "C"`.execute(trx);
  return rows.map((row) => row.name);
}

/** Runs a query that gives one column `line`, and takes its lines. */
export async function lines(trx: Trx, query: ReturnType<typeof sql<{ line: string }>>): Promise<string[]> {
  const { rows } = await query.execute(trx);
  return rows.map((row) => row.line);
}
