import { openPassword, openRolePasswords, passwordFile } from '@aistock/database/passwords';

/** The volumes are shut to everybody else; inside them Postgres and the services read as users of their own. */
const READABLE = 0o444;

/** Makes the database passwords of a Compose stack on its first start. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { ADMIN_SECRET_DIR, ROLE_SECRETS_DIR } = env;
  if (!ADMIN_SECRET_DIR || !ROLE_SECRETS_DIR)
    throw new Error('ADMIN_SECRET_DIR and ROLE_SECRETS_DIR must be set');
  await openPassword(passwordFile(ADMIN_SECRET_DIR, 'postgres'), READABLE);
  await openRolePasswords(ROLE_SECRETS_DIR, READABLE);
}

await main(process.env);
