import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findRunning, type ProcessRecord } from './running.ts';

/** Where everything of one stack lives on disk. */
export interface StateFolder {
  readonly root: string;
  readonly postgres: string;
  readonly lake: string;
  readonly audit: string;
  readonly logs: string;
  readonly secrets: string;
}

export async function openStateFolder(root: string): Promise<StateFolder> {
  const inside = (name: string) => join(root, name);
  const folder = {
    root,
    postgres: inside('postgres'),
    lake: inside('lake'),
    audit: inside('audit'),
    logs: inside('logs'),
    secrets: inside('secrets'),
  };
  // The database server drops root's rights, so it must be able to pass through the folder; secrets stay closed.
  for (const path of [root, folder.lake, folder.audit, folder.logs]) await mkdir(path, { recursive: true });
  await mkdir(folder.secrets, { recursive: true, mode: 0o700 });
  await chmod(folder.secrets, 0o700);
  return folder;
}

export async function removeStateFolder(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

const PROCESSES_FILE = 'processes.json';

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
