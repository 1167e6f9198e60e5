import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseCsvBars, type CsvOptions, type Timeframe } from '@aistock/market';
import { seriesOf, type BarSeries } from './bar-series.ts';

const TEXT_BYTES_MAX = 512 * 1024 * 1024;

const unpack = promisify(gunzip);

/**
 * The bars of a file of the csv source, plain or gzipped (`.gz`).
 * @throws Error where it cannot be read or is too large; CsvError with line and field where it does not hold bars.
 */
export async function csvSeries(
  path: string,
  { timeframe, ...options }: CsvOptions & { readonly timeframe: Timeframe },
): Promise<BarSeries> {
  const { size } = await stat(path);
  if (size > TEXT_BYTES_MAX) throw new RangeError(`${path} has more than ${TEXT_BYTES_MAX} bytes`);
  const bytes = await readFile(path);
  const text = path.endsWith('.gz') ? await unpack(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
  return seriesOf(parseCsvBars(new TextDecoder('utf-8', { fatal: true }).decode(text), options), timeframe);
}
