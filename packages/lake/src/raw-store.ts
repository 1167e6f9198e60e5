import { formatCsvBars, type Bar } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import { gzip } from './gzip.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { readVerified } from './read-raw-bars.ts';
import { hashedPath, quarantinePath, rawPath } from './lake-path.ts';

/** A file that is in the lake now. */
export interface StoredFile {
  /** SHA-256 of the stored bytes; the file's name. */
  readonly sha256: string;
  /** Inside the lake. */
  readonly path: string;
  /** Size on disk. */
  readonly bytes: number;
}

/** Why bytes were refused; kept beside them as JSON. */
export interface QuarantineReason {
  readonly stream: string;
  /** Stable, such as `malformed_csv`. */
  readonly code: string;
  readonly detail: string;
}

/** What came from the sources: gzip CSV files named by their hash, never changed, and what was refused, as it came. */
export class RawStore {
  readonly #files: LakeFiles;

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /**
   * Stores bars as gzip CSV. The same bars always make the same file, so storing them again changes nothing.
   * @throws what the storage throws, with its code; nothing half written stays.
   */
  async write(bars: readonly Bar[]): Promise<StoredFile> {
    const bytes = await gzip(Buffer.from(formatCsvBars(bars)));
    const sha256 = sha256Hex(bytes);
    await this.#files.put(rawPath(sha256), bytes);
    return { sha256, path: rawPath(sha256), bytes: bytes.length };
  }

  /** @throws LakeFileError where the file is missing, too large, or not what its name says. */
  async verify(sha256: string): Promise<void> {
    await readVerified(this.#files, sha256);
  }

  /** Whether the file of a chunk is there, whatever it holds. */
  async has(sha256: string): Promise<boolean> {
    return this.#files.exists(rawPath(sha256));
  }

  /** Removes the file of a chunk; one that is gone already is fine. */
  async remove(sha256: string): Promise<void> {
    await this.#files.remove(rawPath(sha256));
  }

  /** Keeps refused bytes as they came, and beside them the reason. The same bytes are kept once. */
  async quarantine(bytes: Uint8Array, reason: QuarantineReason): Promise<StoredFile> {
    const sha256 = sha256Hex(bytes);
    const path = quarantinePath(sha256);
    await this.#files.put(path, bytes);
    await this.#files.put(hashedPath('quarantine', sha256, '.json'), Buffer.from(JSON.stringify(reason)));
    return { sha256, path, bytes: bytes.length };
  }
}
