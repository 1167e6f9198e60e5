import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { LakeFileError } from '../lake-file-error.ts';

/** @throws LakeFileError where the bytes at a local path are not those that the file is named by. */
export async function assertWhole(
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  localPath: string,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(localPath), hash);
  if (hash.digest('hex') !== sha256) throw new LakeFileError('corrupt', `${path} is not what its name says`);
}
