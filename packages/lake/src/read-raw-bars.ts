import { parseCsvBars, type Bar } from '@aistock/market';
import { sha256Hex } from '@aistock/shared';
import type { LakeFiles } from './files/lake-files.ts';
import { gunzip } from './gzip.ts';
import { LakeFileError } from './lake-file-error.ts';
import { rawPath } from './lake-path.ts';

/** A chunk of some ten thousand bars is below 1 MB; anything near these bounds is no file of ours. */
const PACKED_BYTES_MAX = 64 * 1024 * 1024;
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024;

/**
 * The bars of a raw file, exactly as they were stored.
 * @throws LakeFileError where the file is missing, too large, or not what its name says.
 */
export async function readRawBars(files: LakeFiles, sha256: string): Promise<Bar[]> {
  const bytes = await readVerified(files, sha256);
  const text = Buffer.from(await gunzip(bytes, UNPACKED_BYTES_MAX)).toString();
  return parseCsvBars(text, { calendar: 'always' });
}

/** The bytes of a raw file. @throws as {@link readRawBars}. */
export async function readVerified(files: LakeFiles, sha256: string): Promise<Uint8Array> {
  const path = rawPath(sha256);
  const bytes = await files.read(path, PACKED_BYTES_MAX);
  if (sha256Hex(bytes) !== sha256) throw new LakeFileError('corrupt', `${path} is not what its name says`);
  return bytes;
}
