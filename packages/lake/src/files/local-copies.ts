import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LakeFileError } from '../lake-file-error.ts';

const KEPT_BYTES_MAX = 2 * 1024 * 1024 * 1024;
const DOWNLOADS_AT_A_TIME = 8;

type Download = (path: string, localPath: string) => Promise<void>;

interface Copy {
  readonly path: string;
  readonly localPath: string;
  /** Settles once the file is there. */
  ready: Promise<void>;
  bytes: number;
  users: number;
}

/**
 * Local copies of files of a lake that is elsewhere. Files of the lake never change, so a copy cannot be out of date.
 * The least recently used ones go first once all of them have more than `bytesMax` bytes; those in use stay. The
 * folder is emptied first: what a process that died left there may be half a file.
 */
export class LocalCopies {
  readonly #folder: string;
  readonly #bytesMax: number;
  /** By path in the lake, least recently used first. */
  readonly #copies = new Map<string, Copy>();
  #emptied: Promise<unknown> | undefined;

  constructor(folder: string, bytesMax = KEPT_BYTES_MAX) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  /**
   * Runs something on copies, in the order of their paths; they stay until it ends. Where it finds one of them damaged
   * none of them is kept: the files are downloaded anew for the next one, for they may be mended by then.
   */
  async use<T>(
    paths: readonly string[],
    download: Download,
    work: (localPaths: readonly string[]) => Promise<T>,
  ): Promise<T> {
    await this.#empty();
    const held: Copy[] = [];
    try {
      for (let from = 0; from < paths.length; from += DOWNLOADS_AT_A_TIME) {
        const batch = paths.slice(from, from + DOWNLOADS_AT_A_TIME).map((path) => this.#hold(path, download));
        held.push(...batch);
        const outcomes = await Promise.allSettled(batch.map((copy) => copy.ready));
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      }
      return await work(held.map((copy) => copy.localPath));
    } catch (error) {
      if (error instanceof LakeFileError) for (const copy of held) this.#forget(copy);
      throw error;
    } finally {
      for (const copy of held) await this.#release(copy);
      await this.#dropOldest();
    }
  }

  /** Runs something with a path for a new local file, which goes when it ends. */
  async withTemporary<T>(work: (localPath: string) => Promise<T>): Promise<T> {
    await this.#empty();
    const localPath = this.#newPath();
    try {
      return await work(localPath);
    } finally {
      await rm(localPath, { force: true });
    }
  }

  #empty(): Promise<unknown> {
    this.#emptied ??= rm(this.#folder, { recursive: true, force: true })
      .then(() => mkdir(this.#folder, { recursive: true }))
      .catch((error: unknown) => {
        this.#emptied = undefined;
        throw error;
      });
    return this.#emptied;
  }

  #hold(path: string, download: Download): Copy {
    const copy = this.#copies.get(path) ?? this.#start(path, download);
    copy.users += 1;
    this.#copies.delete(path);
    this.#copies.set(path, copy);
    return copy;
  }

  #start(path: string, download: Download): Copy {
    const localPath = this.#newPath();
    const fetch = async (): Promise<void> => {
      try {
        await download(path, localPath);
        copy.bytes = (await stat(localPath)).size;
      } catch (error) {
        this.#forget(copy);
        await rm(localPath, { force: true });
        throw error;
      }
    };
    const copy: Copy = { path, localPath, ready: Promise.resolve(), bytes: 0, users: 0 };
    copy.ready = fetch();
    return copy;
  }

  /** It is given to nobody else; its file goes with its last user. */
  #forget(copy: Copy): void {
    if (this.#copies.get(copy.path) === copy) this.#copies.delete(copy.path);
  }

  async #release(copy: Copy): Promise<void> {
    copy.users -= 1;
    if (copy.users === 0 && this.#copies.get(copy.path) !== copy) await rm(copy.localPath, { force: true });
  }

  /** A name of its own for each copy: one that goes cannot take a newer one along. */
  #newPath(): string {
    return join(this.#folder, randomUUID());
  }

  async #dropOldest(): Promise<void> {
    let bytes = 0;
    for (const copy of this.#copies.values()) bytes += copy.bytes;
    for (const [path, copy] of this.#copies) {
      if (bytes <= this.#bytesMax) return;
      if (copy.users > 0) continue;
      bytes -= copy.bytes;
      this.#copies.delete(path);
      await rm(copy.localPath, { force: true });
    }
  }
}
