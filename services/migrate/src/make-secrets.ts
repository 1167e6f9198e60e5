import { join } from 'node:path';
import { openPassword, openRolePasswords, passwordFile } from '@aistock/database/passwords';

/** The volumes are shut to everybody else; inside them Postgres and the services read as users of their own. */
const READABLE = 0o444;

/** Makes the database passwords of a Compose stack on its first start. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { SECRETS_DIR } = env;
  if (!SECRETS_DIR) throw new Error('SECRETS_DIR must be set');
  await openPassword(passwordFile(join(SECRETS_DIR, 'admin'), 'postgres'), READABLE);
  await openRolePasswords((service) => passwordFile(join(SECRETS_DIR, service), service), READABLE);
}

await main(process.env);
