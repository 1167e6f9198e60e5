import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../command-line/option-values.ts';

/** A folder that takes all files of a run, or none: what was there before stays until they are whole. */
export interface OutFolder extends AsyncDisposable {
  /** Takes the files until they are finished; gone with the rest where they never are. */
  readonly unfinished: string;
  /** Moves the files to where they belong. */
  finish(): Promise<void>;
}

/** @throws UsageError for a folder that cannot be made or written. */
export async function openFolder(out: string): Promise<OutFolder> {
  const unfinished = await makeFolder(out);
  return {
    unfinished,
    finish: async () => {
      for (const name of await readdir(unfinished)) await rename(join(unfinished, name), join(out, name));
    },
    [Symbol.asyncDispose]: () => rm(unfinished, { recursive: true, force: true }),
  };
}

async function makeFolder(out: string): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    return await mkdtemp(join(out, '.unfinished-'));
  } catch (error) {
    throw new UsageError(`--out: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
