/**
 * `node packages/database/src/dump-schema.ts [--check | --write]`: migrates a throwaway database and prints its schema,
 * compares it with schema.sql (exit 1 where they differ), or writes it there.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, startPostgres } from './embedded/index.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import { dumpSchema } from './schema-dump/dump.ts';

const SCHEMA_FILE = join(import.meta.dirname, '..', 'schema.sql');
const PASSWORD = 'throwaway-password';

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
});
const schema = await dumpMigrated();
if (values.write) {
  await writeFile(SCHEMA_FILE, schema);
} else if (values.check) {
  if ((await readFile(SCHEMA_FILE, 'utf8')) !== schema) {
    process.stderr.write(
      'packages/database/schema.sql is not what the migrations make; write it with --write\n',
    );
    process.exitCode = 1;
  }
} else {
  process.stdout.write(schema);
}

async function dumpMigrated(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'aistock-schema-'));
  const server = await startPostgres({
    dataDir: join(home, 'data'),
    port: await freePort(),
    password: PASSWORD,
    throwaway: true,
  });
  try {
    await migrate({ adminUrl: server.url });
    const db = openDatabase({ url: server.url, applicationName: 'aistock_dump_schema' });
    const text = await dumpSchema(db);
    await db.destroy();
    return text;
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}
