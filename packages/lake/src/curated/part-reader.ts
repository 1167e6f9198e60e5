import type { LakeFiles } from '../files/lake-files.ts';
import { WholeFiles } from './part-file.ts';
import type { Part, StoredBar } from './part.ts';
import { readColumns, type ColumnQuestion, type RowColumns } from './read-columns.ts';
import { readRows } from './read-rows.ts';
import { RowCache } from './row-cache.ts';
import type { LocalPart, OpenRange } from './row-question.ts';

/** About 40 MB. */
const CACHED = { rowsMax: 60_000, answersMax: 1_000 };

/** A part to be read, and what of it is not to be seen. */
export interface ReadablePart extends Omit<Part, 'rawSha256'> {
  /** Raw files, by their number in the part, that were withdrawn after the part was made. */
  readonly hidden: readonly number[];
}

/**
 * Reads the rows of parts, whatever is to be seen of them: only the reader that knows the time asks it. The bytes of a
 * part are hashed at its first use in this process.
 */
export class PartReader {
  readonly #files: LakeFiles;
  readonly #cache = new RowCache(CACHED);
  readonly #whole = new WholeFiles();

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /**
   * All rows of the parts that open in the range, ascending by open time and revision. The last answers are kept.
   * @throws LakeFileError where a part is missing or is not what its name says.
   */
  async rows(parts: readonly ReadablePart[], range: OpenRange): Promise<readonly StoredBar[]> {
    if (parts.length === 0) return [];
    const names = parts.map(({ partId, hidden }) => [partId, ...hidden].join(' '));
    return this.#cache.get([range.fromMs, range.toMs, ...names].join(), () =>
      this.#local(parts, (local) => readRows(local, range)),
    );
  }

  /** The same as float64, and not kept. @throws LakeFileError also where the rows do not ascend. */
  async columns(parts: readonly ReadablePart[], question: ColumnQuestion): Promise<RowColumns> {
    return this.#local(parts, (local) => readColumns(local, question));
  }

  #local<T>(parts: readonly ReadablePart[], read: (parts: readonly LocalPart[]) => Promise<T>): Promise<T> {
    const paths = parts.map(({ path }) => path);
    return this.#files.withLocal(paths, async (localPaths) => {
      const local: LocalPart[] = [];
      for (const [index, part] of parts.entries()) {
        const localPath = localPaths[index] ?? '';
        await this.#whole.assert(part, localPath);
        local.push({ localPath, hidden: part.hidden });
      }
      return read(local);
    });
  }
}
