import { join } from 'node:path';
import { folderLake, PartStore, RawStore, type Part, type RawFile } from '@aistock/lake';
import { PartReader } from '@aistock/lake/bars';
import { generatedSeries } from '@aistock/venue_sim';

const START_MS = Date.UTC(2024, 0, 1);

/** A lake with the raw files of a stream. */
export interface LakeSide {
  readonly rawPaths: readonly string[];
  /** Makes the parts of the first so many raw files. */
  readonly curate: (files: number) => Promise<Part[]>;
  /** Merges parts of one year, and reads them as float64. @returns how many rows. */
  readonly merge: (parts: readonly Part[]) => Promise<Part[]>;
  readonly read: (parts: readonly Part[]) => Promise<number>;
}

export async function openLakeSide(
  folder: string,
  { bars, chunkBars }: { readonly bars: number; readonly chunkBars: number },
): Promise<LakeSide> {
  const lake = folderLake(join(folder, 'lake-alone'));
  await lake.prepare();
  const raws = new RawStore(lake);
  const parts = new PartStore(lake);
  const series = generatedSeries({ seed: 2, timeframe: '1m', startMs: START_MS, bars });
  const files: (RawFile & { readonly path: string })[] = [];
  for (let from = 0; from < bars; from += chunkBars) {
    const chunk = Array.from({ length: Math.min(chunkBars, bars - from) }, (_, index) =>
      series.barAt(from + index),
    );
    const { sha256, path } = await raws.write(chunk);
    files.push({ stream: 'sim:BTC/USDT:1m', sha256, source: 'sim', knownMs: START_MS, revision: 0, path });
  }
  return {
    rawPaths: files.map(({ path }) => join(lake.place, path)),
    curate: async (count) => {
      const made: Part[] = [];
      for (const file of files.slice(0, count))
        made.push(...(await parts.writeRaw(file)).map(({ part }) => part));
      return made;
    },
    merge: async (small) => {
      const years = Map.groupBy(small, ({ year }) => year);
      const merged: Part[] = [];
      for (const ofYear of years.values()) merged.push((await parts.merge(ofYear)).part);
      return merged;
    },
    read: async (readable) => {
      const columns = await new PartReader(lake).columns(
        readable.map((part) => ({ ...part, hidden: [] })),
        {
          fromMs: START_MS,
          toMs: START_MS * 2,
          rowsMax: bars,
          decimals: Math.max(...readable.map(({ decimals }) => decimals)),
          withRevisions: false,
          order: 'as_stored',
        },
      );
      return columns.openMs.length;
    },
  };
}
