import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isAlive, startPostgres, stopPostgres } from '@aistock/database/embedded';

const PREFIX = 'aistock-test-';
const PASSWORD = 'test-server-password';

let ownServer: Promise<string> | undefined;

/**
 * The superuser's URL of the server for tests: TEST_DATABASE_URL, or a throwaway server that this process starts
 * once and stops when it exits. The roles of a server for tests get known passwords: never point it at real data.
 */
export function testServerUrl(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return Promise.resolve(given);
  ownServer ??= startOwnServer();
  return ownServer;
}

async function startOwnServer(): Promise<string> {
  await removeLeftovers();
  const home = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const dataDir = join(home, 'data');
  const server = await startPostgres({
    dataDir,
    port: await freePort(),
    password: PASSWORD,
    throwaway: true,
  });
  process.once('exit', () => {
    // SIGQUIT stops it at once; nothing in it is worth a clean shutdown.
    if (isAlive(server.pid)) process.kill(server.pid, 'SIGQUIT');
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  return server.url;
}

/** Stops and removes the servers of test processes that were killed before they could do it. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = Number(/^aistock-test-(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(owner) || isAlive(owner)) continue;
    const home = join(tmpdir(), name);
    await stopPostgres(join(home, 'data'));
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
  }
}
