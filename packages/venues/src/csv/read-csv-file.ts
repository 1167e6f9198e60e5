import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, csvBarParser, type Bar, type Calendar } from '@aistock/market';
import { SourceError } from '../bar-source.ts';

/** A file larger than this is not handed over when it cannot be read. */
const KEPT_BYTES_MAX = 64 * 1024 * 1024;

/** A file of bars on disk. */
export interface BarFile {
  readonly path: string;
  /** How the file is named to people: its path inside its folder. */
  readonly label: string;
  readonly gzip: boolean;
}

export interface ReadTerms {
  readonly calendar: Calendar;
  /** A file that holds more bytes of text is refused, however small it is packed. */
  readonly textBytesMax: number;
}

export interface FileBars {
  readonly bars: readonly Bar[];
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
}

/**
 * Reads a plain or gzipped CSV file piece by piece.
 * @throws SourceError `malformed_data` with the line, where the text is not bars, not UTF-8, cut off or too large.
 */
export async function readCsvFile(handle: FileHandle, file: BarFile, terms: ReadTerms): Promise<FileBars> {
  const hash = createHash('sha256');
  const parser = csvBarParser({ calendar: terms.calendar });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const bars: Bar[] = [];
  const keep = (parsed: readonly Bar[]): void => {
    for (const bar of parsed) bars.push(bar);
  };
  const hashed = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  const parse = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    let textBytes = 0;
    for await (const chunk of chunks) {
      textBytes += chunk.length;
      if (textBytes > terms.textBytesMax) throw new RangeError(`has more than ${terms.textBytesMax} bytes`);
      keep(parser.push(decoder.decode(chunk, { stream: true })));
    }
    keep([...parser.push(decoder.decode()), ...parser.end()]);
  };
  try {
    const source = handle.createReadStream({ autoClose: false });
    if (file.gzip) await pipeline(source, hashed, createGunzip(), parse);
    else await pipeline(source, hashed, parse);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw unreadable(file, error);
    const line = error instanceof CsvError ? error.line : bars.length + 1;
    const bytes = await readWhole(file);
    throw new SourceError('malformed_data', `${file.label}: ${describe(error, line)}`, {
      cause: error,
      line,
      bytes,
    });
  }
  return { bars, sha256: hash.digest('hex') };
}

/** The file as it is; undefined where it is too large to be kept. The first handle goes down with a failed read. */
async function readWhole(file: BarFile): Promise<Uint8Array | undefined> {
  try {
    await using handle = await open(file.path);
    const { size } = await handle.stat();
    return size > KEPT_BYTES_MAX ? undefined : await handle.readFile();
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: BarFile, cause: unknown): SourceError {
  return new SourceError('source_unreachable', `${file.label} cannot be read`, { cause });
}

function describe(error: unknown, line: number): string {
  const what = error instanceof Error ? error.message : String(error);
  return error instanceof CsvError ? what : `${what} (after line ${line})`;
}
