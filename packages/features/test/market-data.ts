import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseCsvBars, toPriceBar, type PriceBar } from '@aistock/market';

const DIR = process.env['MARKET_DATA_DIR'];

/** For tests on recorded market data: they run where MARKET_DATA_DIR names the folder, and say so where they do not. */
export const onMarketData = { skip: DIR === undefined && 'MARKET_DATA_DIR is not set' } as const;

/** The text of a file of the folder, unpacked where its name ends in `.gz`. */
export function readMarketData(path: string): string {
  const bytes = readFileSync(join(DIR ?? '', path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

export const readBars = (path: string, calendar: 'always' | 'xnys'): PriceBar[] =>
  parseCsvBars(readMarketData(path), { calendar }).map(toPriceBar);
