import { spawnSync } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
const STOP_FAST_MS = 10_000;
const STOP_IMMEDIATE_MS = 5_000;

/** What a running server wrote into postmaster.pid. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/**
 * Reads postmaster.pid: lines of pid, data folder, start time, port, socket folder, address, shared memory, status.
 * @returns undefined for what no server of ours wrote, such as a file that was cut.
 */
export function parsePidFile(text: string): Postmaster | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || !Number.isSafeInteger(port)) return undefined;
  return { pid, port, ready: lines[7] === 'ready' };
}

const pidFile = (dataDir: string): string => join(dataDir, 'postmaster.pid');

/** What is written in a data folder now, be it by a server that is gone; undefined also while it is being written. */
export async function readPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(dataDir), 'utf8').catch(() => '');
  return parsePidFile(text);
}

/**
 * The server that runs on a data folder, or undefined. A file that a dead server left is removed, so ask only where no
 * server is just starting: its file is empty for a moment.
 */
export async function runningPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(dataDir);
  if (postmaster !== undefined && (await runsOn(postmaster.pid, dataDir))) return postmaster;
  await rm(pidFile(dataDir), { force: true });
  return undefined;
}

/** Whether a process is a Postgres of this data folder, and not a later one that was given the same number. */
async function runsOn(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform === 'linux') {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    return cwd === (await realpath(dataDir)) && name.trim() === 'postgres';
  }
  const { stdout } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  const [program = '', ...args] = stdout.trim().split(' ');
  return basename(program) === 'postgres' && args.join(' ').includes(dataDir);
}

/** Whether a process exists, be it ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Stops a server: fast (sessions are cut, data written out), and after 10 s at once (it recovers at the next start).
 * @throws Error where it is still there after that.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  if (await signalAndWait(pid, 'SIGINT', STOP_FAST_MS)) return;
  if (await signalAndWait(pid, 'SIGQUIT', STOP_IMMEDIATE_MS)) return;
  throw new Error(`postgres ${pid} does not stop`);
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, waitMs: number): Promise<boolean> {
  if (!isAlive(pid)) return true;
  process.kill(pid, signal);
  return waitUntil(() => !isAlive(pid), waitMs);
}

/** Looks every 20 ms until something holds. @returns false where it does not within the time. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}
