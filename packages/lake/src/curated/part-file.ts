import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { sha256Hex } from '@aistock/shared';
import type { LakeFiles } from '../files/lake-files.ts';
import { LakeFileError } from '../lake-file-error.ts';
import type { Part } from './part.ts';

/** A year of minutes is some 50 MB. */
const PART_BYTES_MAX = 512 * 1024 * 1024;

/**
 * Reads a part from storage itself: a local copy would say nothing about it.
 * @throws LakeFileError where it is missing, too large, or not what it is named by.
 */
export async function assertStored(
  files: LakeFiles,
  { path, partId }: Pick<Part, 'path' | 'partId'>,
): Promise<void> {
  if (sha256Hex(await files.read(path, PART_BYTES_MAX)) !== partId) throw notItsName(path);
}

/** @throws LakeFileError where the bytes at a local path are not those that the file is named by. */
export async function assertWhole(
  { path, sha256 }: { readonly path: string; readonly sha256: string },
  localPath: string,
): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(localPath), hash);
  if (hash.digest('hex') !== sha256) throw notItsName(path);
}

/** Names of files whose bytes were hashed in this process, 64 characters each. */
const HASHED_FILES_MAX = 50_000;

/** Holds files against their names, each at its first use in this process. */
export class WholeFiles {
  readonly #hashed = new Set<string>();

  /** @throws as {@link assertWhole}. */
  async assert({ path, partId }: Pick<Part, 'path' | 'partId'>, localPath: string): Promise<void> {
    if (this.#hashed.has(partId)) return;
    await assertWhole({ path, sha256: partId }, localPath);
    if (this.#hashed.size >= HASHED_FILES_MAX) this.#hashed.clear();
    this.#hashed.add(partId);
  }
}

function notItsName(path: string): LakeFileError {
  return new LakeFileError('corrupt', `${path} is not what its name says`);
}
