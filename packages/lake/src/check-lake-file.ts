import { sha256Hex } from '@aistock/shared';
import type { LakeFiles } from './files/lake-files.ts';
import { LakeFileError } from './lake-file-error.ts';
import { hashOfPath } from './lake-path.ts';
import { ResponseStore } from './responses/response-store.ts';

/** A year of minutes as Parquet is some 50 MB; nothing else comes near. */
const BYTES_MAX = 512 * 1024 * 1024;

/**
 * Reads a file of the lake and holds it against the hash in its name: of its bytes, or of an answer's unpacked bytes.
 * @returns what is wrong with it, to be put behind its path; undefined where it is sound or named by no hash.
 */
export async function checkLakeFile(files: LakeFiles, path: string): Promise<string | undefined> {
  const sha256 = hashOfPath(path);
  if (sha256 === undefined || path.endsWith('.json')) return undefined;
  try {
    if (path.startsWith('responses/')) await new ResponseStore(files).read(sha256);
    else if (sha256Hex(await files.read(path, BYTES_MAX)) !== sha256)
      return 'is not what its name says: it was changed';
    return undefined;
  } catch (error) {
    if (!(error instanceof LakeFileError)) throw error;
    return error.kind === 'missing' ? 'is not there' : `is not what its name says: ${error.message}`;
  }
}
