import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process of the stack, and the words on its command line by which it is known again. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly commandWord: string;
}

/** Those of the recorded processes that still run and are what the record says: a pid alone may be anybody's. */
export async function findRunning(records: readonly ProcessRecord[]): Promise<readonly ProcessRecord[]> {
  const commands = await Promise.all(records.map((record) => commandLine(record.pid)));
  return records.filter((record, index) => commands[index]?.includes(record.commandWord) ?? false);
}

async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux')
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return undefined; // it is gone
  }
}

const POLL_MS = 50;

/** Ends processes: asks first, then kills what is still there after the grace. Returns when all are gone. */
export async function endProcesses(records: readonly ProcessRecord[], graceMs: number): Promise<void> {
  for (const record of records) sendSignal(record.pid, 'SIGTERM');
  const killAtMs = performance.now() + graceMs;
  let left = records;
  while (left.length > 0 && performance.now() < killAtMs) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    left = await findRunning(left);
  }
  for (const record of left) sendSignal(record.pid, 'SIGKILL');
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
