import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Bar, formatCsvBars, parseCsvBars } from '@aistock/market';
import { generatedSeries } from '@aistock/venue_sim';
import { BARS_PER_FILE, CONTROL, LINE, type ProofTerms } from './proof-terms.ts';

const FILE = 'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz';
const GENERATED_FROM_MS = Date.UTC(2024, 0, 8);

/**
 * As many bars as the files hold: the newest real ones of a folder of market data, generated ones where there is none.
 * @throws RangeError where the folder has fewer.
 */
export async function proofBars(
  { files, seed }: ProofTerms,
  dataDir: string | undefined,
): Promise<readonly Bar[]> {
  const count = files * BARS_PER_FILE;
  if (dataDir === undefined) {
    const series = generatedSeries({
      seed,
      timeframe: '5m',
      startMs: GENERATED_FROM_MS,
      bars: count,
      firstPrice: '40000',
    });
    return Array.from({ length: count }, (_, index) => series.barAt(index));
  }
  const text = (await promisify(gunzip)(await readFile(join(dataDir, FILE)))).toString();
  const bars = parseCsvBars(text, { calendar: 'always' });
  if (bars.length < count)
    throw new RangeError(
      `${FILE} has ${bars.length} bars, which is ${Math.floor(bars.length / BARS_PER_FILE)} files`,
    );
  return bars.slice(-count);
}

/** Writes the bars as the csv source reads them, under both names. @returns what data_ingester is told of them. */
export async function writeSources(folder: string, bars: readonly Bar[]): Promise<string> {
  const instruments = [LINE, CONTROL].map(({ instrument }) => instrument);
  for (const instrument of instruments) {
    const path = join(folder, 'bars', instrument.replace('/', '-'));
    await mkdir(path, { recursive: true });
    await writeFile(join(path, '5m.csv'), formatCsvBars(bars));
  }
  return `sources:
  proof: { kind: csv, folder: ${JSON.stringify(join(folder, 'bars'))}, trades_only: true }
streams:
  - sources: [proof]
    instruments: [${instruments.join(', ')}]
    timeframes: [5m]
    calendar: always
    chunk_bars: ${BARS_PER_FILE}
`;
}
