import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Binaries, findBinaries } from './binaries.ts';
import { ensureCluster, reachableDirectory } from './data-directory.ts';
import { ensureDatabase } from './ensure-database.ts';
import { handOver, type Identity, serverIdentity } from './identity.ts';
import {
  isAlive,
  type Postmaster,
  readPostmaster,
  runningPostmaster,
  stopPostmaster,
  waitUntil,
} from './postmaster.ts';
import { serverArguments, type ServerSettings } from './server-arguments.ts';

const READY_MS = 60_000;
const LOG_TAIL_CHARS = 2_000;

export interface StartPostgres extends ServerSettings {
  /** Where the cluster lives; made where it does not exist. */
  dataDir: string;
  /** On 127.0.0.1 only. */
  port: number;
  /** Of the superuser `postgres`; given to a new cluster, and asked of an old one. */
  password: string;
  /** Created where it does not exist; `postgres` unless told. */
  database?: string;
  log?: (line: string) => void;
}

export interface RunningPostgres {
  /** The superuser's URL. */
  url: string;
  pid: number;
  /** Whether the server was running before, left by a process that ended without stopping it. */
  adopted: boolean;
  stop: () => Promise<void>;
}

/**
 * Starts PostgreSQL 18 from the npm platform package, in a session of its own, so that Ctrl-C in a terminal does not
 * stop it before its clients. A server that still runs on the same data is adopted where it has the same port, and
 * stopped otherwise; one that was killed recovers. The server's own log is `server.log` in the data folder.
 * @throws UnsupportedPlatform, or an Error that carries the end of the server's log.
 */
export async function startPostgres(options: StartPostgres): Promise<RunningPostgres> {
  const args = serverArguments(options);
  const identity = serverIdentity();
  const binaries = await findBinaries(identity);
  const dataDir = await reachableDirectory(options.dataDir, identity);
  if (await ensureCluster({ binaries, dataDir, password: options.password, identity })) {
    options.log?.(`made a new database cluster in ${dataDir}`);
  }
  const { pid, adopted } = await adoptOrLaunch({ binaries, dataDir, identity, args, options });
  const stop = () => stopPostmaster(pid);
  try {
    const url = await ensureDatabase(options);
    return { url, pid, adopted, stop };
  } catch (error) {
    if (!adopted) await stop();
    throw error;
  }
}

interface Launch {
  binaries: Binaries;
  dataDir: string;
  identity: Identity | undefined;
  args: string[];
  options: StartPostgres;
}

async function adoptOrLaunch(launch: Launch): Promise<{ pid: number; adopted: boolean }> {
  const { dataDir, options } = launch;
  const running = await runningPostmaster(dataDir);
  if (running?.ready === true && running.port === options.port) {
    options.log?.(`postgres ${running.pid} already runs on port ${running.port}`);
    return { pid: running.pid, adopted: true };
  }
  if (running !== undefined) {
    options.log?.(`stopping postgres ${running.pid}, which runs on port ${running.port}`);
    await stopPostmaster(running.pid);
  }
  const pid = await launchServer(launch);
  options.log?.(`postgres ${pid} listens on 127.0.0.1:${options.port}`);
  return { pid, adopted: false };
}

async function launchServer({ binaries, dataDir, identity, args }: Launch): Promise<number> {
  const logPath = join(dataDir, 'server.log');
  const log = openSync(logPath, 'w', 0o600);
  await handOver(logPath, identity);
  const child = spawn(binaries.postgres, ['-D', dataDir, ...args], {
    cwd: '/',
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
    detached: true,
    stdio: ['ignore', log, log],
    ...identity,
  });
  closeSync(log);
  child.unref();
  const pid = await spawned(child);
  const ready = await waitUntil(
    async () => !isAlive(pid) || isReady(await readPostmaster(dataDir), pid),
    READY_MS,
  );
  if (ready && isAlive(pid)) return pid;
  if (isAlive(pid)) await stopPostmaster(pid);
  const tail = (await readFile(logPath, 'utf8')).slice(-LOG_TAIL_CHARS).trim();
  throw new Error(`postgres did not start:\n${tail}`);
}

/** By its own line in the file: one of an earlier server may still be there. */
function isReady(written: Postmaster | undefined, pid: number): boolean {
  return written?.pid === pid && written.ready;
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
}
