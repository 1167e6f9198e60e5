import { randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { LakeFileError } from '../lake-file-error.ts';
import { checkedLakeFolder } from '../lake-path.ts';
import { nodeDisk, type Disk } from './disk.ts';
import type { LakeFiles } from './lake-files.ts';

const TEMPORARY_SUFFIX = '.tmp';

/** A lake in a folder of a local file system. */
export function folderLake(folder: string, disk: Disk = nodeDisk): LakeFiles {
  const top = resolve(checkedLakeFolder(folder));
  const localPath = (path: string): string => below(top, path);
  return {
    place: top,
    prepare: async () => {
      await disk.makeFolder(top);
      await access(top, constants.W_OK);
    },
    check: () => access(top, constants.W_OK),
    put: async (path, content) =>
      storeDurably(disk, localPath(path), (temporaryPath) =>
        typeof content === 'function' ? content(temporaryPath) : disk.write(temporaryPath, content),
      ),
    read: async (path, bytesMax) => disk.read(localPath(path), bytesMax),
    exists: async (path) => (await disk.find(localPath(path))) !== undefined,
    remove: async (path) => {
      if ((await disk.find(localPath(path))) === undefined) return;
      await disk.remove(localPath(path));
      await disk.sync(dirname(localPath(path)));
    },
    async *list(path) {
      for await (const found of disk.list(localPath(path))) {
        // A temporary file may have gone meanwhile.
        const file = await disk.find(found);
        if (file) yield { path: relative(top, found).replaceAll(sep, '/'), ...file };
      }
    },
    withLocal: async (paths, use) => {
      const local = paths.map(localPath);
      for (const path of local)
        if ((await disk.find(path)) === undefined) throw new LakeFileError('missing', `${path} is not there`);
      return use(local);
    },
  };
}

/**
 * A temporary name in the same folder, forced to disk, renamed, the folder forced to disk. On an error the temporary
 * file is removed and the error passes as it came.
 */
async function storeDurably(
  disk: Disk,
  path: string,
  fill: (temporaryPath: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await disk.makeFolder(folder);
  const temporaryPath = join(folder, `${randomUUID()}${TEMPORARY_SUFFIX}`);
  try {
    await fill(temporaryPath);
    await disk.sync(temporaryPath);
    await disk.rename(temporaryPath, path);
    await disk.sync(folder);
  } catch (error) {
    // The first error is the one to tell; a temporary file that cannot be removed now is left to the sweep.
    await disk.remove(temporaryPath).catch(() => undefined);
    throw error;
  }
}

/** Whether a put that never ended left this file. */
export function isTemporary(path: string): boolean {
  return path.endsWith(TEMPORARY_SUFFIX);
}

function below(top: string, path: string): string {
  const found = resolve(top, path);
  if (path === '' || path.includes('\0') || !found.startsWith(top + sep))
    throw new TypeError(`${path} is not a path of the lake`);
  return found;
}
