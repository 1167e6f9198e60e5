import { sha256Hex } from '@aistock/shared';
import type { LakeFiles } from '../files/lake-files.ts';
import { gunzip, gzip } from '../gzip.ts';
import { LakeFileError } from '../lake-file-error.ts';
import { hashedPath } from '../lake-path.ts';

/** Sources refuse answers above 64 MiB; gzip adds little to what it cannot pack. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;
const PACKED_BYTES_MAX = UNPACKED_BYTES_MAX + 1024 * 1024;

/** Answers of sources as they came, gzip, each named by the hash of its unpacked bytes and never changed. */
export class ResponseStore {
  readonly #files: LakeFiles;

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /**
   * Stores an answer; on disk when this returns. The same bytes are kept once.
   * @throws what the storage throws, with its code; nothing half written stays.
   */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#files.put(responsePath(sha256Hex(bytes)), await gzip(bytes));
  }

  /** @throws LakeFileError where the file is missing, too large, or not what its name says. */
  async read(sha256: string): Promise<Uint8Array> {
    const path = responsePath(sha256);
    const bytes = await gunzip(await this.#files.read(path, PACKED_BYTES_MAX), UNPACKED_BYTES_MAX);
    if (sha256Hex(bytes) !== sha256) throw new LakeFileError('corrupt', `${path} is not what its name says`);
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    return this.#files.exists(responsePath(sha256));
  }
}

/** The path of an answer inside the lake. */
export function responsePath(sha256: string): string {
  return hashedPath('responses', sha256, '.gz');
}
