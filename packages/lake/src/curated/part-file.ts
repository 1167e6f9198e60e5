import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { LakeFileError } from '../lake-file-error.ts';
import type { Part } from './part.ts';

/** @throws LakeFileError where the bytes at a local path are not those that the part is named by. */
export async function assertWhole(
  { path, partId }: Pick<Part, 'path' | 'partId'>,
  localPath: string,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(localPath), hash);
  if (hash.digest('hex') !== partId) throw new LakeFileError('corrupt', `${path} is not what its name says`);
}
