import type { Bar } from '../bar.ts';
import { dailyOpenMs, type Calendar } from '../calendar.ts';
import { CSV_FIELDS, parseHeader, type CsvLayout } from './csv-header.ts';
import { CsvError } from './csv-error.ts';
import { normaliseDecimal } from '../decimal.ts';

const LINE_CHARACTERS_MAX = 4096;
const MS_DIGITS = /^\d{1,16}$/;
const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;
/** How sources say that there is no value. Such a bar is kept with `NaN`, for the quality check to reject. */
const NO_VALUE: ReadonlySet<string> = new Set(['', 'nan', 'null', 'none', 'n/a']);
const NOT_A_NUMBER = 'NaN';

/** What the text cannot tell of itself. */
export interface CsvOptions {
  /** Where a date is: 00:00 in New York for `xnys`, else 00:00 UTC. */
  readonly calendar: Calendar;
}

/** Takes CSV text in pieces of any size and gives bars as their lines are complete, in the order of the file. */
export interface CsvBarParser {
  readonly push: (text: string) => Bar[];
  /** The end of the text: gives the last bar where its line had no end. */
  readonly end: () => Bar[];
}

/**
 * A parser of bars with the header `timestamp,open,high,low,close,volume` (Unix ms UTC) or `date,open,...` (ISO date).
 * Columns may come in any order and case; a few known ones, such as `adjclose`, are passed over. Nothing is repaired,
 * sorted or dropped.
 * @throws CsvError from `push` and `end`, naming line and field. After an error the parser must not be used.
 */
export function csvBarParser(options: CsvOptions): CsvBarParser {
  let rest = '';
  let line = 0;
  let layout: CsvLayout | undefined;

  const take = (text: string): Bar[] => {
    line++;
    const row = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (layout) return [parseRow(row, layout, { line, ...options })];
    layout = parseHeader(row, line);
    return [];
  };

  return {
    push: (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      const bars = lines.flatMap(take);
      if (rest.length > LINE_CHARACTERS_MAX) {
        throw new CsvError(line + 1, undefined, `has more than ${LINE_CHARACTERS_MAX} characters`);
      }
      return bars;
    },
    end: () => {
      const bars = rest === '' ? [] : take(rest);
      rest = '';
      if (!layout) throw new CsvError(1, undefined, 'is empty, must be the header');
      return bars;
    },
  };
}

/** All bars of a CSV text. See {@link csvBarParser}. */
export function parseCsvBars(text: string, options: CsvOptions): Bar[] {
  const parser = csvBarParser(options);
  return [...parser.push(text), ...parser.end()];
}

function parseRow(row: string, layout: CsvLayout, at: CsvOptions & { line: number }): Bar {
  const cells = row.split(',');
  if (cells.length !== layout.columns) {
    throw new CsvError(at.line, undefined, `has ${cells.length} fields, must have ${layout.columns}`);
  }
  const cell = (name: keyof CsvLayout['index']): string => cells[layout.index[name]]?.trim() ?? '';
  const number = (name: (typeof CSV_FIELDS)[number]): string => {
    const text = cell(name);
    if (NO_VALUE.has(text.toLowerCase())) return NOT_A_NUMBER;
    try {
      return normaliseDecimal(text);
    } catch (error) {
      throw new CsvError(at.line, name, `${(error as RangeError).message}, got ${quote(text)}`);
    }
  };
  return {
    openMs: layout.time === 'date' ? dateMs(cell('time'), at) : timestampMs(cell('time'), at.line),
    open: number('open'),
    high: number('high'),
    low: number('low'),
    close: number('close'),
    volume: number('volume'),
  };
}

function timestampMs(text: string, line: number): number {
  const ms = Number(text);
  if (MS_DIGITS.test(text) && Number.isSafeInteger(ms)) return ms;
  throw new CsvError(line, 'timestamp', `must be Unix milliseconds, got ${quote(text)}`);
}

function dateMs(text: string, at: CsvOptions & { line: number }): number {
  const dayUtcMs = ISO_DATE.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(dayUtcMs) || dayUtcMs < 0 || new Date(dayUtcMs).toISOString().slice(0, 10) !== text) {
    throw new CsvError(at.line, 'date', `must be a date such as 2020-01-31, got ${quote(text)}`);
  }
  return dailyOpenMs(dayUtcMs, at.calendar);
}

const QUOTED_CHARACTERS_MAX = 40;
const quote = (text: string): string => JSON.stringify(text.slice(0, QUOTED_CHARACTERS_MAX));

/** Bars as CSV: one header, `\n` at the end of each line, numbers as they are. The same bars are the same bytes. */
export function formatCsvBars(bars: Iterable<Bar>): string {
  let text = `timestamp,${CSV_FIELDS.join(',')}\n`;
  for (const bar of bars) {
    text += `${bar.openMs},${bar.open},${bar.high},${bar.low},${bar.close},${bar.volume}\n`;
  }
  return text;
}
