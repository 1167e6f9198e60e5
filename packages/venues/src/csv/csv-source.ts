import { basename, join } from 'node:path';
import type { Calendar, Timeframe } from '@aistock/market';
import { SourceError, type BarSource } from '../bar-source.ts';
import { chunkFrom } from './chunk-from.ts';
import { fileCache } from './file-cache.ts';
import { entriesOf, listStreamFiles, type StreamFile } from './stream-files.ts';

const TIMEFRAME_DEFAULT: Timeframe = '1d';
const TEXT_BYTES_MAX_DEFAULT = 128 * 1024 * 1024;
const SOURCE_NAME = /^[a-z][a-z0-9_]{0,31}$/;

/** A folder of `<INSTRUMENT>/<timeframe>.csv[.gz]` and `<INSTRUMENT>.csv[.gz]`, or one file and what it holds. */
export type CsvPlace =
  | { readonly dir: string }
  | { readonly file: string; readonly instrument: string; readonly timeframe: Timeframe };

/** What files cannot tell of themselves. */
export interface CsvTerms {
  /** The calendar of an instrument: it says when a date begins. */
  readonly calendarOf: (instrument: string) => Calendar;
  /** The clock that tells open from closed bars, Unix ms UTC. */
  readonly nowMs: () => number;
  /** Of files in a folder that are named by their instrument alone; `1d` unless told. */
  readonly timeframe?: Timeframe;
  /** The files hold bars of trades only; false unless told. */
  readonly tradesOnly?: boolean;
  /** A file with more bytes of text is refused; 128 MiB unless told. */
  readonly textBytesMax?: number;
}

/** A source that can list what it has. */
export interface CsvSource extends BarSource {
  /** What the place holds now. @throws SourceError `source_unreachable`. */
  readonly listStreams: () => Promise<{ readonly instrument: string; readonly timeframe: Timeframe }[]>;
}

/** Bars from CSV files; what their text must be, `csvBarParser` of `@aistock/market` says. */
export function csvSource(name: string, place: CsvPlace, terms: CsvTerms): CsvSource {
  const cache = fileCache();
  const files = (): Promise<StreamFile[]> =>
    'dir' in place
      ? listStreamFiles(place.dir, terms.timeframe ?? TIMEFRAME_DEFAULT)
      : Promise.resolve([singleFile(place)]);
  return {
    name,
    tradesOnly: terms.tradesOnly ?? false,
    clockMs: () => Promise.resolve(terms.nowMs()),
    listStreams: async () => (await files()).map(({ instrument, timeframe }) => ({ instrument, timeframe })),
    fetchBars: async (request) => {
      const file = choose(await files(), request);
      const content = await cache.read(file, {
        calendar: terms.calendarOf(request.instrument),
        textBytesMax: terms.textBytesMax ?? TEXT_BYTES_MAX_DEFAULT,
      });
      return {
        ...chunkFrom(content.bars, request),
        source: name,
        provenance: [
          {
            requestId: content.sha256,
            origin: file.label,
            sha256: content.sha256,
            status: null,
            sourceClockMs: null,
            receivedMs: terms.nowMs(),
          },
        ],
      };
    },
  };
}

function singleFile(place: { file: string; instrument: string; timeframe: Timeframe }): StreamFile {
  const { file: path, instrument, timeframe } = place;
  return { path, instrument, timeframe, label: basename(path), gzip: path.endsWith('.gz') };
}

function choose(
  files: readonly StreamFile[],
  { instrument, timeframe }: { readonly instrument: string; readonly timeframe: Timeframe },
): StreamFile {
  const ofInstrument = files.filter((file) => file.instrument === instrument);
  if (ofInstrument.length === 0) {
    throw new SourceError('unknown_instrument', `there is no file of ${instrument}`);
  }
  const [file, twin] = ofInstrument.filter((each) => each.timeframe === timeframe);
  if (file === undefined) {
    const known = ofInstrument.map((each) => each.timeframe).join(', ');
    throw new SourceError(
      'unknown_timeframe',
      `there is no ${timeframe} file of ${instrument}, only ${known}`,
    );
  }
  if (twin) throw new SourceError('malformed_data', `there are both ${file.label} and ${twin.label}`);
  return file;
}

/**
 * The sources in a folder: `<dir>/<source>/<INSTRUMENT>/<timeframe>.csv[.gz]` gives one for each source, named after its
 * folder (`nfi-binance-spot` is nfi_binance_spot); `<dir>/<INSTRUMENT>/<timeframe>.csv[.gz]` and
 * `<dir>/<INSTRUMENT>.csv[.gz]` give one named `csv`.
 * @throws SourceError `source_unreachable` where a folder cannot be read, `malformed_data` where two get one name.
 */
export async function csvSourcesIn(dir: string, terms: CsvTerms): Promise<CsvSource[]> {
  const places = [{ name: 'csv', dir }];
  for (const entry of await entriesOf(dir)) {
    const name = entry.name.toLowerCase().replaceAll(/[^a-z0-9]/g, '_');
    if (entry.isDirectory() && SOURCE_NAME.test(name)) places.push({ name, dir: join(dir, entry.name) });
  }
  const sources: CsvSource[] = [];
  for (const place of places) {
    if ((await listStreamFiles(place.dir, terms.timeframe ?? TIMEFRAME_DEFAULT)).length === 0) continue;
    if (sources.some((source) => source.name === place.name)) {
      throw new SourceError('malformed_data', `two folders are named ${place.name}`);
    }
    sources.push(csvSource(place.name, { dir: place.dir }, terms));
  }
  return sources;
}
