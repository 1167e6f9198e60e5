import { CsvError } from './csv-error.ts';

export const CSV_FIELDS = ['open', 'high', 'low', 'close', 'volume'] as const;
const TIME_FIELDS = ['timestamp', 'date'] as const;
/** Columns that real files have besides, and that a bar does not need. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'adjclose',
  'adj close',
  'adj_close',
  'quote_volume',
  'trades',
  'vwap',
]);
const BYTE_ORDER_MARK = '\uFEFF';

/** Which column holds what. */
export interface CsvLayout {
  readonly time: (typeof TIME_FIELDS)[number];
  readonly columns: number;
  readonly index: Readonly<Record<'time' | (typeof CSV_FIELDS)[number], number>>;
}

/** @throws CsvError for a missing, doubled or unknown column. */
export function parseHeader(row: string, line: number): CsvLayout {
  const names = row
    .replace(BYTE_ORDER_MARK, '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const times = TIME_FIELDS.filter((name) => names.includes(name));
  const time = times[0];
  if (time === undefined || times.length > 1) {
    throw new CsvError(line, undefined, 'must be a header with either timestamp or date');
  }
  const known: readonly string[] = [time, ...CSV_FIELDS];
  for (const [i, name] of names.entries()) {
    if (!known.includes(name) && !PASSED_OVER.has(name)) {
      throw new CsvError(line, name.slice(0, 40), `is not a known column, must be of ${known.join(', ')}`);
    }
    if (names.indexOf(name) !== i) throw new CsvError(line, name, 'is there twice');
  }
  const columnOf = (name: string): number => {
    const i = names.indexOf(name);
    if (i < 0) throw new CsvError(line, name, 'is missing in the header');
    return i;
  };
  return {
    time,
    columns: names.length,
    index: {
      time: columnOf(time),
      open: columnOf('open'),
      high: columnOf('high'),
      low: columnOf('low'),
      close: columnOf('close'),
      volume: columnOf('volume'),
    },
  };
}
