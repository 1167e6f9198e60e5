import { join } from 'node:path';
import { migrate } from '@aistock/database/migrate';
import { openRolePasswords, passwordFile, readPassword } from '@aistock/database/passwords';

/** Brings the database to the newest schema, gives each service's role its password, and ends. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { DATABASE_URL, DATABASE_PASSWORD_FILE, SECRETS_DIR } = env;
  if (!DATABASE_URL || !SECRETS_DIR) throw new Error('DATABASE_URL and SECRETS_DIR must be set');
  const url = new URL(DATABASE_URL);
  if (DATABASE_PASSWORD_FILE) url.password = await readPassword(DATABASE_PASSWORD_FILE);
  const applied = await migrate({
    adminUrl: url.href,
    passwords: await openRolePasswords((service) => passwordFile(join(SECRETS_DIR, service), service)),
    log: (line) => void process.stdout.write(`${line}\n`),
  });
  process.stdout.write(
    applied.length === 0 ? 'the schema is up to date\n' : `${applied.length} migrations applied\n`,
  );
}

await main(process.env);
