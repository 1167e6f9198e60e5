import { closeMs, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { LakeFileError } from './lake-file-error.ts';
import type { LakeFiles } from './files/lake-files.ts';
import { hashedPath } from './lake-path.ts';
import { readParquet, writeParquet } from './parquet.ts';
import { PartCache } from './part-cache.ts';
import { partsInWindow, type Part, type PartWindow } from './part-window.ts';

/** One part is read as a whole, so it must be small. */
export const PART_BARS_MAX = 20_000;
/** Read with one question to DuckDB, which costs less than one for each. */
const PARTS_PER_READ = 500;
/** About 30 MB. */
const CACHED_BARS_MAX = 60_000;

export interface BarsQuery extends PartWindow {
  /** The registered parts of the stream, as the ledger lists them. What is not listed is never read. */
  readonly parts: readonly Part[];
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
}

/** Checked bars, one immutable Parquet part for each file of the ledger. The ledger is the catalogue. */
export class CuratedStore {
  readonly #files: LakeFiles;
  readonly #cache = new PartCache(CACHED_BARS_MAX);

  constructor(files: LakeFiles) {
    this.#files = files;
  }

  /**
   * Stores the bars, ascending, of the raw file with this hash. Storing them again changes nothing.
   * @throws RangeError for none or too many bars, or a value that does not fit DECIMAL(38,12); and what the file system
   * throws, with its code.
   */
  async write(sha256: string, bars: readonly Bar[]): Promise<void> {
    if (bars.length < 1 || bars.length > PART_BARS_MAX)
      throw new RangeError(`a part holds 1 to ${PART_BARS_MAX} bars, not ${bars.length}`);
    await this.#files.put(curatedPath(sha256), (localPath) => writeParquet(localPath, bars));
  }

  /**
   * Bars of the window, ascending, point in time: none that closed after `asOfMs`. Values are normalised decimal text.
   * @throws LakeFileError where a registered part is missing or is not what the ledger says.
   */
  async readBars(query: BarsQuery): Promise<Bar[]> {
    const closeOf = (openMs: number): number => closeMs(openMs, query.timeframe, query.calendar);
    const fromMs = query.fromMs ?? 0;
    const toMs = query.toMs ?? Number.MAX_SAFE_INTEGER;
    const parts = partsInWindow(query.parts, query, closeOf);
    const found: Bar[] = [];
    for (let first = 0; first < parts.length; first += PARTS_PER_READ)
      for (const bars of await this.#readParts(parts.slice(first, first + PARTS_PER_READ)))
        for (const bar of bars)
          if (bar.openMs >= fromMs && bar.openMs < toMs && closeOf(bar.openMs) <= query.asOfMs)
            found.push(bar);
    return query.newest === true ? found.slice(-query.limit) : found.slice(0, query.limit);
  }

  #readParts(parts: readonly Part[]): Promise<readonly (readonly Bar[])[]> {
    const bySha256 = new Map(parts.map((part) => [part.sha256, part]));
    return this.#cache.get([...bySha256.keys()], (hashes) =>
      this.#load(hashes.flatMap((sha256) => bySha256.get(sha256) ?? [])),
    );
  }

  /** The parts of a stream follow one another in time, so that the bars of all of them together can be cut up again. */
  async #load(parts: readonly Part[]): Promise<readonly Bar[][]> {
    const bars = await this.#files.withLocal(
      parts.map(({ sha256 }) => curatedPath(sha256)),
      readParquet,
    );
    let taken = 0;
    return parts.map((part) => {
      const own = bars.slice(taken, (taken += part.rows));
      const agrees =
        own.length === part.rows &&
        own[0]?.openMs === part.firstOpenMs &&
        own.at(-1)?.openMs === part.lastOpenMs &&
        (bars[taken]?.openMs ?? Number.MAX_SAFE_INTEGER) > part.lastOpenMs;
      if (agrees) return own;
      const path = curatedPath(part.sha256);
      throw new LakeFileError('corrupt', `${path} does not hold the bars that the ledger lists`);
    });
  }
}

function curatedPath(sha256: string): string {
  return hashedPath('curated', sha256, '.parquet');
}
