import { assertStored, WholeFiles } from '../curated/part-file.ts';
import type { OpenRange } from '../curated/row-question.ts';
import { isTemporary } from '../files/folder-lake.ts';
import type { LakeFiles } from '../files/lake-files.ts';
import { LakeFileError } from '../lake-file-error.ts';
import {
  emptyManifest,
  manifestFromJson,
  manifestToJson,
  withPart,
  type FeatureManifest,
} from './feature-manifest.ts';
import { featureFolder, type FeaturePart } from './feature-part.ts';
import type { FeatureRows } from './feature-rows.ts';
import { readFeatureRows, readFeatureState } from './read-parts.ts';
import { makeFeaturePart, type NewFeaturePart } from './write-part.ts';

/** Fifty years of months are a tenth of it. */
const MANIFEST_BYTES_MAX = 8 * 1024 * 1024;

/** With the underscore readers of tables, such as Spark, pass over it. */
const manifestPath = (stream: string): string => `${featureFolder(stream)}/_manifest.json`;

export interface FeatureQuestion extends OpenRange {
  /** Of features, in the order of the columns that are wanted. */
  readonly names: readonly string[];
  readonly limit?: number;
}

/**
 * Features as Parquet, by stream and period. A part is named by its bytes and never changed; what is part of a stream its
 * manifest says, which is replaced as a whole: a writer that dies in between leaves a file that is none, and all that was
 * there before. One writer a stream at a time; its callers see to that.
 */
export class FeatureStore {
  readonly #files: LakeFiles;
  readonly #whole = new WholeFiles();

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /** Undefined where nothing was ever written. @throws LakeFileError `corrupt` where it cannot be read. */
  async manifest(stream: string): Promise<FeatureManifest | undefined> {
    try {
      const bytes = await this.#files.read(manifestPath(stream), MANIFEST_BYTES_MAX);
      return manifestFromJson(new TextDecoder().decode(bytes), stream);
    } catch (error) {
      if (error instanceof LakeFileError && error.kind === 'missing') return undefined;
      throw error;
    }
  }

  /**
   * Writes a part and then, with it, the manifest that it was given; answers the new one.
   * @param after the last period whose part still stands; the parts between go. Those before the new one, unless told.
   */
  async write(
    before: FeatureManifest | undefined,
    made: NewFeaturePart,
    after?: string,
  ): Promise<FeatureManifest> {
    const { part, content } = await makeFeaturePart(made);
    await this.#files.put(part.path, content);
    const manifest = withPart(before ?? emptyManifest(made.stream, made.features), part, after);
    await this.#files.put(manifestPath(made.stream), new TextEncoder().encode(manifestToJson(manifest)));
    return manifest;
  }

  /**
   * The rows of parts that open in a range, ascending; no more than the limit, where there is one.
   * @throws LakeFileError where a part is missing or is not what its name says.
   */
  async rows(
    parts: readonly FeaturePart[],
    { names, limit = Infinity, ...range }: FeatureQuestion,
  ): Promise<FeatureRows> {
    const touched = parts.filter((part) => part.lastOpenMs >= range.fromMs && part.firstOpenMs < range.toMs);
    if (touched.length === 0)
      return { openMs: new Float64Array(), columns: names.map(() => new Float64Array()) };
    const rowsMax = Math.min(
      limit,
      touched.reduce((sum, part) => sum + part.rows, 0),
    );
    return this.#local(touched, (localPaths) => readFeatureRows(localPaths, { ...range, names, rowsMax }));
  }

  /** Where the features stand after a part, as its writer gave it. @throws LakeFileError as {@link rows}. */
  async state(part: FeaturePart): Promise<string> {
    return this.#local([part], ([localPath = '']) => readFeatureState(localPath));
  }

  /** The first of the parts whose file, as it is on storage, is missing or is not what its name says. */
  async findDamaged(parts: readonly FeaturePart[]): Promise<FeaturePart | undefined> {
    for (const part of parts)
      try {
        await assertStored(this.#files, part);
      } catch (error) {
        if (!(error instanceof LakeFileError)) throw error;
        return part;
      }
    return undefined;
  }

  /**
   * Removes what the manifest does not name: parts that were extended, and what interrupted writers left. For the writer
   * before it writes, so that what it replaces stays until the next one for those who read it just then.
   */
  async removeUnnamed(stream: string, manifest: FeatureManifest | undefined): Promise<number> {
    const named = new Set(
      [...(manifest?.parts ?? []), ...(manifest?.superseded ?? [])].map(({ path }) => path),
    );
    let removed = 0;
    for await (const { path } of this.#files.list(featureFolder(stream))) {
      if (named.has(path) || !(isTemporary(path) || path.endsWith('.parquet'))) continue;
      await this.#files.remove(path);
      removed += 1;
    }
    return removed;
  }

  #local<T>(parts: readonly FeaturePart[], read: (localPaths: readonly string[]) => Promise<T>): Promise<T> {
    return this.#files.withLocal(
      parts.map(({ path }) => path),
      async (localPaths) => {
        for (const [index, part] of parts.entries()) await this.#whole.assert(part, localPaths[index] ?? '');
        return read(localPaths);
      },
    );
  }
}
