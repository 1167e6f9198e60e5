import { readdir } from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { isTimeframe, type Timeframe } from '@aistock/market';
import { Instrument } from '@aistock/shared';
import { SourceError } from '../bar-source.ts';
import type { BarFile } from './read-csv-file.ts';

/** A folder with more entries than this is not a folder of streams. */
const ENTRIES_MAX = 10_000;
const FILE_NAME = /^([0-9]+[mhd])\.csv(\.gz)?$/;

export interface StreamFile extends BarFile {
  readonly instrument: string;
  readonly timeframe: Timeframe;
}

/**
 * The files `<INSTRUMENT>/<timeframe>.csv[.gz]` in a folder, where `BTC-USDT` is BTC/USDT and `XRP-USDT_USDT` is
 * XRP/USDT:USDT. Paths are made of names that the folder itself lists, never of names that came from outside; what is not
 * a plain file in a plain folder, such as a symbolic link, is passed over.
 * @throws SourceError `source_unreachable` where the folder cannot be read.
 */
export async function listStreamFiles(dir: string): Promise<StreamFile[]> {
  const files: StreamFile[] = [];
  for (const folder of await entriesOf(dir)) {
    const instrument = Instrument.safeParse(folder.name.replace('-', '/').replace('_', ':'));
    if (!folder.isDirectory() || !instrument.success) continue;
    for (const entry of await entriesOf(join(dir, folder.name))) {
      const [, timeframe = '', packed] = FILE_NAME.exec(entry.name) ?? [];
      if (!entry.isFile() || !isTimeframe(timeframe)) continue;
      files.push({
        instrument: instrument.data,
        timeframe,
        path: join(dir, folder.name, entry.name),
        label: `${folder.name}/${entry.name}`,
        gzip: packed !== undefined,
      });
    }
  }
  return files;
}

/** The entries of a folder, by name. */
export async function entriesOf(dir: string): Promise<Dirent[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(dir, { withFileTypes: true });
  } catch (error) {
    throw new SourceError('source_unreachable', `folder ${dir} cannot be read`, { cause: error });
  }
  if (entries.length > ENTRIES_MAX) {
    throw new SourceError('malformed_data', `folder ${dir} has more than ${ENTRIES_MAX} entries`);
  }
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
