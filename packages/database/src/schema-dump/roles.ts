import { sql } from 'kysely';
import type { Trx } from '../database.ts';
import { lines } from './schemas.ts';

/** The roles of the services, with what they may do in the whole server and how their sessions start. */
export async function dumpRoles(trx: Trx): Promise<string[]> {
  return lines(
    trx,
    sql`
      SELECT concat_ws(' ', 'CREATE ROLE', rolname,
        CASE WHEN rolcanlogin THEN 'LOGIN' END, CASE WHEN rolsuper THEN 'SUPERUSER' END,
        CASE WHEN rolcreatedb THEN 'CREATEDB' END, CASE WHEN rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN rolreplication THEN 'REPLICATION' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END)
        || ';' || coalesce((
          SELECT string_agg(E'\nALTER ROLE ' || rolname || ' SET ' || setting || ';', '' ORDER BY setting COLLATE "C")
          FROM unnest(rolconfig) AS setting), '') AS line
      FROM pg_catalog.pg_roles WHERE rolname ~ '^aistock_' ORDER BY rolname COLLATE "C"`,
  );
}
