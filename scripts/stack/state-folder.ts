import { chmod, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRunning, type ProcessRecord } from './running.ts';

/** Where everything of one stack lives on disk. */
export interface StateFolder {
  readonly root: string;
  readonly postgres: string;
  readonly lake: string;
  readonly audit: string;
  readonly reports: string;
  readonly logs: string;
  readonly secrets: string;
}

const PARTS = ['postgres', 'lake', 'audit', 'reports', 'logs', 'secrets'] as const;
const PROCESSES_FILE = 'processes.json';

export async function openStateFolder(root: string): Promise<StateFolder> {
  const inside = (name: string) => join(root, name);
  const folder = {
    root,
    postgres: inside('postgres'),
    lake: inside('lake'),
    audit: inside('audit'),
    reports: inside('reports'),
    logs: inside('logs'),
    secrets: inside('secrets'),
  };
  // The database server drops root's rights, so it must be able to pass through the folder; secrets stay closed.
  for (const path of [root, folder.lake, folder.audit, folder.logs]) await mkdir(path, { recursive: true });
  await mkdir(folder.secrets, { recursive: true, mode: 0o700 });
  await chmod(folder.secrets, 0o700);
  return folder;
}

/**
 * Removes all state of a stack, whose processes must have ended.
 * @throws Error where the folder holds something that no stack put there; then nothing is removed.
 */
export async function emptyStateFolder(root: string): Promise<void> {
  const foreign = (await readdir(root)).filter((name) => ![...PARTS, PROCESSES_FILE].includes(name));
  if (foreign.length > 0)
    throw new Error(`${root} holds ${foreign[0]}, which is not ours: nothing was removed`);
  for (const part of PARTS) {
    // Where the database server may not pass through the folder, its data lies elsewhere and this is a link to it.
    const path = await realpath(join(root, part)).catch(() => undefined);
    if (path !== undefined) await rm(path, { recursive: true });
    await rm(join(root, part), { recursive: true, force: true });
  }
}

/** Notes which processes belong to this folder, so that a start after a crash finds what was left behind. */
export async function recordProcesses(
  folder: StateFolder,
  processes: readonly ProcessRecord[],
): Promise<void> {
  await writeFile(join(folder.root, PROCESSES_FILE), JSON.stringify(processes, null, 2));
}

/** The processes of an earlier start that still run. */
export async function findLeftBehind(folder: StateFolder): Promise<readonly ProcessRecord[]> {
  let text: string;
  try {
    text = await readFile(join(folder.root, PROCESSES_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return findRunning(parseRecords(text));
}

/** A file that a crash cut short names nobody. */
function parseRecords(text: string): ProcessRecord[] {
  try {
    return JSON.parse(text) as ProcessRecord[];
  } catch {
    return [];
  }
}
