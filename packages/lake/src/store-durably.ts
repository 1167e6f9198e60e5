import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { LakeFiles } from './lake-files.ts';

const TEMPORARY_SUFFIX = '.tmp';

/**
 * Puts a whole file at `path` or nothing: a temporary name in the same folder, forced to disk, renamed, the folder
 * forced to disk. A file that is there already is replaced by the same bytes, so that what an earlier, interrupted
 * run left is on disk for sure too. On an error the temporary file is removed and the error passes as it came.
 */
export async function storeDurably(
  files: LakeFiles,
  path: string,
  fill: (temporaryPath: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await files.makeFolder(folder);
  const temporaryPath = join(folder, `${randomUUID()}${TEMPORARY_SUFFIX}`);
  try {
    await fill(temporaryPath);
    await files.sync(temporaryPath);
    await files.rename(temporaryPath, path);
    await files.sync(folder);
  } catch (error) {
    // The first error is the one to tell; a temporary file that cannot be removed now is left to the sweep.
    await files.remove(temporaryPath).catch(() => undefined);
    throw error;
  }
}

export function isTemporary(path: string): boolean {
  return path.endsWith(TEMPORARY_SUFFIX);
}
