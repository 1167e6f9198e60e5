import { sql } from 'kysely';
import type { Db } from '../database.ts';
import { dumpFunctions } from './functions.ts';
import { dumpGrants } from './grants.ts';
import { dumpRelations } from './relations.ts';
import { dumpRoles } from './roles.ts';
import { lines, ownSchemas } from './schemas.ts';

const HEADER = `-- What the migrations make, read back from the catalogs of Postgres: to look things up, and to see in a review
-- what a migration changes. It is never applied. Write it anew with: node packages/database/src/dump-schema.ts --write`;

/** The schemas of a database with all that is in them, as text that is the same for the same schema. */
export async function dumpSchema(db: Db): Promise<string> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      // Names come qualified, whatever the search path of the session was.
      await sql`SET LOCAL search_path = ''`.execute(trx);
      const blocks = [HEADER, ...(await dumpRoles(trx)), ...(await dumpExtensions(trx))];
      for (const schema of await ownSchemas(trx)) {
        if (schema !== 'public') blocks.push(`CREATE SCHEMA ${schema};`);
        blocks.push(...(await dumpFunctions(trx, schema)), ...(await dumpRelations(trx, schema)));
        const grants = await dumpGrants(trx, schema);
        if (grants.length > 0) blocks.push(grants.join('\n'));
      }
      return `${blocks.join('\n\n')}\n`;
    });
}

function dumpExtensions(trx: Parameters<typeof dumpRoles>[0]): Promise<string[]> {
  return lines(
    trx,
    sql`
      SELECT 'CREATE EXTENSION ' || extname || ' WITH SCHEMA ' || extnamespace::regnamespace || ';' AS line
      FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' ORDER BY extname COLLATE "C"`,
  );
}
