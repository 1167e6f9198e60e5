import pg from 'pg';

const CONNECTION_TIMEOUT_MS = 5_000;

/** Creates a database where it does not exist. @returns the superuser's URL of it. */
export async function ensureDatabase(server: {
  port: number;
  password: string;
  database?: string;
}): Promise<string> {
  const { port, password, database = 'postgres' } = server;
  const url = (name: string) =>
    `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(name)}`;
  const client = new pg.Client({
    connectionString: url('postgres'),
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
  });
  await client.connect();
  try {
    const found = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
  return url(database);
}
