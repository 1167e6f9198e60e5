import { fileURLToPath } from 'node:url';

/**
 * The daily S&P 500, 2000 to 2020, that ships with vega-datasets. The package exports its entry only, which lies in a
 * folder beside the data.
 */
export function defaultCsvFile(): string {
  return fileURLToPath(new URL('../data/sp500-2000.csv', import.meta.resolve('vega-datasets')));
}
export const DEFAULT_INSTRUMENT = 'SP500';
export const DEFAULT_TIMEFRAME = '1d';
