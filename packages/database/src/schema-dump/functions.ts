import { sql } from 'kysely';
import type { Trx } from '../database.ts';
import { lines } from './schemas.ts';

/** Every function of a schema but those of an extension. */
export async function dumpFunctions(trx: Trx, schema: string): Promise<string[]> {
  const definitions = await lines(
    trx,
    sql`
      SELECT pg_get_functiondef(p.oid) AS line
      FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ${schema} AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d
        WHERE d.objid = p.oid AND d.classid = 'pg_catalog.pg_proc'::regclass AND d.deptype = 'e')
      ORDER BY p.oid::regprocedure::text COLLATE "C"`,
  );
  return definitions.map((definition) => `${definition.trimEnd()};`);
}
