import { open, readFile } from 'node:fs/promises';
import { splitCheckpoints } from '@aistock/audit-log';
import { syncFolderOf } from '@aistock/service-kit';

const OWNER_ONLY = 0o600;

/**
 * Every checkpoint that was ever signed, one signed note after the other in a file outside of the database.
 * It only grows: who rewrites the database cannot make it fit this file again.
 */
export class CheckpointFile {
  readonly #path: string;
  /** Bytes of complete notes; beyond them lies at most what a write that broke off left. */
  #lengthBytes: number;
  private constructor(path: string, lengthBytes: number) {
    this.#path = path;
    this.#lengthBytes = lengthBytes;
  }

  static async open(path: string): Promise<CheckpointFile> {
    await using handle = await open(path, 'a', OWNER_ONLY);
    await handle.sync();
    await syncFolderOf(path);
    const text = await readFile(path, 'utf8');
    return new CheckpointFile(path, Buffer.byteLength(text.slice(0, splitCheckpoints(text).length)));
  }

  /** The notes as they are on the disk now. `intact` is false where something that was written is gone. */
  async read(): Promise<{ notes: string[]; intact: boolean }> {
    const writtenBytes = this.#lengthBytes; // before the read, for the file may grow during it
    const text = await readOrEmpty(this.#path);
    const { notes, length } = splitCheckpoints(text);
    return { notes, intact: Buffer.byteLength(text.slice(0, length)) >= writtenBytes };
  }

  /** Adds a note; it is on the disk once this has resolved. A write that fails leaves the notes before it whole. */
  async append(note: string): Promise<void> {
    const bytes = Buffer.from(`${note}\n`);
    await using handle = await open(this.#path, 'r+');
    await handle.truncate(this.#lengthBytes);
    await handle.write(bytes, 0, bytes.length, this.#lengthBytes);
    await handle.sync();
    this.#lengthBytes += bytes.length;
  }
}

/** A file that is gone has lost all of its notes. */
async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
