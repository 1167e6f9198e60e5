import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { parseCsvBars, type Bar } from '@aistock/market';

const path = join(dirname(findPackageJSON('vega-datasets', import.meta.url)!), 'data/sp500-2000.csv');

export const STREAM = 'csv:SP500:1d';

/** The daily S&P 500 from 2000 to 2020, as it really was. */
export function sp500(): Bar[] {
  return parseCsvBars(readFileSync(path, 'utf8'), { calendar: 'xnys' });
}
