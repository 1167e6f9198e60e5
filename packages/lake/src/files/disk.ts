import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LakeFileError } from '../lake-file-error.ts';

export interface FileOnDisk {
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** The few things that the lake does with a local file system, so that a test can make each of them fail. */
export interface Disk {
  /** Makes the folder and those above it, each entry on disk before this returns. */
  makeFolder(folder: string): Promise<void>;
  /** Writes a new file; fails where the path exists. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Forces a file or a folder to disk. */
  sync(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; one that is not there is fine. */
  remove(path: string): Promise<void>;
  /** @throws LakeFileError where the file is missing or larger than the bound. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  /** Undefined where there is no such file. */
  find(path: string): Promise<FileOnDisk | undefined>;
  /** Paths of all files in and below the folder; none where the folder is missing. */
  list(folder: string): AsyncIterable<string>;
}

/** The file system of this machine. */
export const nodeDisk: Disk = {
  async makeFolder(folder) {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade === undefined) return;
    const top = dirname(firstMade);
    for (let above = folder; above !== top;) {
      above = dirname(above);
      await nodeDisk.sync(above);
    }
  },
  async write(path, bytes) {
    await withFile(path, 'wx', (file) => file.writeFile(bytes));
  },
  async sync(path) {
    await withFile(path, 'r', (file) => file.sync());
  },
  rename,
  async remove(path) {
    await rm(path, { force: true });
  },
  async read(path, bytesMax) {
    try {
      return await withFile(path, 'r', (file) => readBounded(file, path, bytesMax));
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new LakeFileError('missing', `${path} is not there`, { cause: error });
    }
  },
  async find(path) {
    try {
      const found = await stat(path);
      return found.isFile() ? { bytes: found.size, modifiedMs: found.mtimeMs } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  async *list(folder) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* nodeDisk.list(path);
      else if (entry.isFile()) yield path;
    }
  },
};

async function readBounded(file: FileHandle, path: string, bytesMax: number): Promise<Uint8Array> {
  const { size } = await file.stat();
  if (size > bytesMax)
    throw new LakeFileError('too_large', `${path} has ${size} bytes, more than ${bytesMax}`);
  return file.readFile();
}

async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
