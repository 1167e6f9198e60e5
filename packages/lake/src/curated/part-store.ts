import type { LakeFiles } from '../files/lake-files.ts';
import { earlierPartPath, isEarlierPart, rawPath } from '../lake-path.ts';
import { makeParts, type BarFile, type MadePart } from './make-parts.ts';
import { mergeParts } from './merge-parts.ts';
import { assertStored, assertWhole } from './part-file.ts';
import type { Part, RawFile } from './part.ts';

/** Of one chunk, which is held in memory. */
export const CHUNK_BARS_MAX = 20_000;

interface RowsFrom extends Omit<BarFile, 'localPath'> {
  readonly path: string;
}

/**
 * Writes the curated store: checked bars as Parquet, each part named by its bytes and never changed. What is part of it
 * its catalogue says; a file that the catalogue does not list is none.
 */
export class PartStore {
  readonly #files: LakeFiles;

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /**
   * Makes and stores the parts of a raw file that is in the lake: one for each year, or of one year only.
   * @throws LakeFileError where it is missing or cannot be read; what the storage throws, with its code.
   */
  async writeRaw(raw: RawFile, onlyYear?: number): Promise<MadePart[]> {
    return this.#writeFrom(raw, { path: rawPath(raw.sha256), format: 'csv', onlyYear });
  }

  /** The same from the Parquet file that an earlier layout of the store had for each raw file. */
  async writeEarlier(raw: RawFile): Promise<MadePart[]> {
    return this.#writeFrom(raw, {
      path: earlierPartPath(raw.sha256),
      format: 'parquet',
      onlyYear: undefined,
    });
  }

  /** Removes the files of the earlier layout; beside them the folder would not be one table. */
  async removeEarlier(): Promise<void> {
    for await (const { path } of this.#files.list('curated'))
      if (isEarlierPart(path)) await this.#files.remove(path);
  }

  async #writeFrom(raw: RawFile, from: RowsFrom): Promise<MadePart[]> {
    const made = await this.#files.withLocal([from.path], async ([localPath = '']) => {
      if (from.format === 'csv') await assertWhole({ path: from.path, sha256: raw.sha256 }, localPath);
      return makeParts(raw, { ...from, localPath });
    });
    for (const each of made) await this.put(each);
    return made;
  }

  /** One stored part of the rows of several, all of one stream and year. */
  async merge(parts: readonly Part[]): Promise<MadePart> {
    const made = await this.#files.withLocal(
      parts.map(({ path }) => path),
      async (localPaths) => {
        for (const [index, part] of parts.entries())
          await assertWhole({ path: part.path, sha256: part.partId }, localPaths[index] ?? '');
        return mergeParts(parts, localPaths);
      },
    );
    await this.put(made);
    return made;
  }

  async put({ part, content }: MadePart): Promise<void> {
    await this.#files.put(part.path, content);
  }

  /** Stores a part again that was removed meanwhile as one that nothing uses. */
  async putMissing(made: MadePart): Promise<void> {
    if (!(await this.#files.exists(made.part.path))) await this.put(made);
  }

  /** @throws LakeFileError where the file of a part, as it is on storage, is missing or is not what its name says. */
  async verify(part: Pick<Part, 'path' | 'partId'>): Promise<void> {
    await assertStored(this.#files, part);
  }

  /** Removes the file of a part; one that is gone already is fine. */
  async remove(path: string): Promise<void> {
    await this.#files.remove(path);
  }
}
