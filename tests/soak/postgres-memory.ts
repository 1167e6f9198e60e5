import { readFile } from 'node:fs/promises';
import type { Db } from '@aistock/database';
import { sql } from 'kysely';

const KIB = 1_024;

/**
 * Bytes that all processes of the server hold for themselves; what they share is as large as the server was told to
 * make it, and left out. Undefined where the system does not tell.
 */
export async function postgresMemory(db: Db): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
  const parent = /^PPid:\s+(\d+)$/m.exec((await told(`/proc/${rows[0]!.pid}/status`)) ?? '')?.[1];
  const children = parent && (await told(`/proc/${parent}/task/${parent}/children`));
  if (!children) return undefined;
  const sizes = await Promise.all([parent, ...children.trim().split(' ')].map(ownMemory));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Of a process that has ended meanwhile it is 0. */
async function ownMemory(pid: string): Promise<number> {
  const rollup = await told(`/proc/${pid}/smaps_rollup`);
  return Number(/^Pss_Anon:\s+(\d+) kB$/m.exec(rollup ?? '')?.[1] ?? 0) * KIB;
}

async function told(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined; // The process is gone, or this is no Linux.
  }
}
