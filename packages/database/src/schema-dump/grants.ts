import { sql } from 'kysely';
import type { Trx } from '../database.ts';
import { lines } from './schemas.ts';

/** What anyone but the owner may do with a schema, its tables, columns and functions. */
export async function dumpGrants(trx: Trx, schema: string): Promise<string[]> {
  const granted = sql<{ line: string }>`
    WITH own AS (SELECT oid, nspname, nspacl FROM pg_catalog.pg_namespace WHERE nspname = ${schema}), item AS (
      SELECT 'SCHEMA ' || quote_ident(nspname) AS object, '' AS part, nspacl AS acl FROM own
      UNION ALL
      SELECT 'TABLE ' || c.oid::regclass, '', c.relacl
      FROM pg_catalog.pg_class c JOIN own ON own.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'p')
      UNION ALL
      SELECT 'TABLE ' || c.oid::regclass, ' (' || quote_ident(a.attname) || ')', a.attacl
      FROM pg_catalog.pg_class c JOIN own ON own.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid WHERE a.attacl IS NOT NULL
      UNION ALL
      SELECT 'FUNCTION ' || p.oid::regprocedure, '', p.proacl
      FROM pg_catalog.pg_proc p JOIN own ON own.oid = p.pronamespace
    ), privilege AS (
      SELECT object, acl.privilege_type || part AS privilege,
        CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE acl.grantee::regrole::text END AS grantee, acl.is_grantable
      FROM item, LATERAL aclexplode(item.acl) AS acl WHERE acl.grantee <> acl.grantor
    )
    SELECT 'GRANT ' || string_agg(privilege, ', ' ORDER BY privilege COLLATE "C") || ' ON ' || object || ' TO ' || grantee
      || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END || ';' AS line
    FROM privilege GROUP BY object, grantee, is_grantable
    ORDER BY object COLLATE "C", grantee COLLATE "C"`;
  const revoked = sql<{ line: string }>`
    SELECT 'REVOKE ALL ON FUNCTION ' || p.oid::regprocedure || ' FROM PUBLIC;' AS line
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = ${schema} AND p.proacl IS NOT NULL
      AND NOT EXISTS (SELECT FROM aclexplode(p.proacl) AS acl WHERE acl.grantee = 0)
    ORDER BY p.oid::regprocedure::text COLLATE "C"`;
  return [...(await lines(trx, revoked)), ...(await lines(trx, granted))];
}
