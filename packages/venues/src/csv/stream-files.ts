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
const LOOSE_NAME = /^(.+)\.csv(\.gz)?$/;

export interface StreamFile extends BarFile {
  readonly instrument: string;
  readonly timeframe: Timeframe;
}

/**
 * The files `<INSTRUMENT>/<timeframe>.csv[.gz]` in a folder, and those named `<INSTRUMENT>.csv[.gz]`, whose timeframe is
 * told; `BTC-USDT` is BTC/USDT and `XRP-USDT_USDT` is XRP/USDT:USDT. Paths are made of names that the folder itself
 * lists, never of names that came from outside; what is not a plain file, such as a symbolic link, is passed over.
 * @throws SourceError `source_unreachable` where the folder cannot be read.
 */
export async function listStreamFiles(dir: string, timeframe: Timeframe): Promise<StreamFile[]> {
  const files: StreamFile[] = [];
  for (const entry of await entriesOf(dir)) {
    const [, name = '', packed] = entry.isFile() ? (LOOSE_NAME.exec(entry.name) ?? []) : [];
    const instrument = instrumentOf(entry.isDirectory() ? entry.name : name);
    if (instrument === undefined) continue;
    if (entry.isDirectory()) files.push(...(await listFolder(dir, entry.name, instrument)));
    else files.push(streamFile(dir, entry.name, { instrument, timeframe, gzip: packed !== undefined }));
  }
  return files;
}

async function listFolder(dir: string, folder: string, instrument: string): Promise<StreamFile[]> {
  const files: StreamFile[] = [];
  for (const entry of await entriesOf(join(dir, folder))) {
    const [, timeframe = '', packed] = FILE_NAME.exec(entry.name) ?? [];
    if (!entry.isFile() || !isTimeframe(timeframe)) continue;
    const gzip = packed !== undefined;
    files.push(streamFile(dir, `${folder}/${entry.name}`, { instrument, timeframe, gzip }));
  }
  return files;
}

function streamFile(
  dir: string,
  label: string,
  what: Pick<StreamFile, 'instrument' | 'timeframe' | 'gzip'>,
): StreamFile {
  return { ...what, path: join(dir, label), label };
}

function instrumentOf(name: string): string | undefined {
  return Instrument.safeParse(name.replace('-', '/').replace('_', ':')).data;
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
