import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { modelToJson } from '@aistock/hmm-ts';
import type { Form } from './em.ts';
import type { HmmWork } from './hmm-work.ts';

const run = promisify(execFile);
const SCRIPT = join(import.meta.dirname, 'fresh-run.ts');
const LIMIT_MS = 300_000;

interface FreshRun {
  readonly msPerIteration: number;
  /** The largest the process has been, the compiler for TypeScript in it included. */
  readonly peakMib: number;
}

/** Gives the work to processes of its own, one for each run, and forgets it in the end. */
export async function withFreshProcesses<T>(
  { start, values }: HmmWork,
  use: (runFresh: (form: Form) => Promise<FreshRun>) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-bench-hmm-'));
  try {
    await writeFile(join(folder, 'start.json'), JSON.stringify(modelToJson(start)));
    await writeFile(join(folder, 'values.f64'), values);
    return await use(async (form) => {
      const { stdout } = await run(process.execPath, [SCRIPT, folder, form], { timeout: LIMIT_MS });
      return JSON.parse(stdout) as FreshRun;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
