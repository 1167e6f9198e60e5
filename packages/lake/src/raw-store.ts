import { formatCsvBars, parseCsvBars, type Bar } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import { gunzip, gzip } from './gzip.ts';
import { LakeFileError } from './lake-file-error.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { hashedPath, quarantinePath, rawPath } from './lake-path.ts';

/** A chunk of some ten thousand bars is below 1 MB; anything near these bounds is no file of ours. */
const PACKED_BYTES_MAX = 64 * 1024 * 1024;
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;

export interface StoredFile {
  /** SHA-256 of the stored bytes; the file's name. */
  readonly sha256: string;
  /** Inside the lake. */
  readonly path: string;
  /** Size on disk. */
  readonly bytes: number;
}

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

  /**
   * The bars of a file, exactly as they were stored.
   * @throws LakeFileError where the file is missing, too large, or not what its name says.
   */
  async read(sha256: string): Promise<Bar[]> {
    const path = rawPath(sha256);
    const bytes = await this.#files.read(path, PACKED_BYTES_MAX);
    if (sha256Hex(bytes) !== sha256) throw new LakeFileError('corrupt', `${path} is not what its name says`);
    const text = Buffer.from(await gunzip(bytes, UNPACKED_BYTES_MAX)).toString();
    return parseCsvBars(text, { calendar: 'always' });
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
