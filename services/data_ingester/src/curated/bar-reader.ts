import type { Db } from '@aistock/database';
import {
  PartReader,
  visibleRows,
  type PointInTime,
  type ReadablePart,
  type RowColumns,
} from '@aistock/lake/bars';
import { LakeFileError, type BarColumns, type LakeFiles, type StoredBar } from '@aistock/lake';
import { closeMs, TIMEFRAME_MS } from '@aistock/market';
import type { StreamSpec } from '../stream-spec.ts';
import type { Adoption } from './adoption.ts';
import { partsIn } from './part-catalogue.ts';
import { cutColumns, emptyColumns, pickRows } from './pick-rows.ts';

/** Bars that are read at once and kept for the next question: some three days of minutes. */
const SLAB_BARS = 4_096;
/** Some five years of minutes, 125 MB. */
const COLUMN_BARS_MAX = 2_600_000;

export interface ColumnsQuery extends PointInTime {
  /** Only bars that opened at or after this, Unix ms UTC; from the first unless told. */
  readonly fromMs?: number | undefined;
  /** Only bars that opened before this. */
  readonly toMs?: number | undefined;
}

export interface BarsQuery extends ColumnsQuery {
  /** The newest bars instead of the oldest; ascending all the same. */
  readonly newest?: boolean | undefined;
  /** At most this many bars. */
  readonly limit: number;
}

type Series = Pick<StreamSpec, 'stream' | 'timeframe' | 'calendar'>;

/**
 * The only way to the bars of the store: whatever is asked, nothing comes back that closed after `asOfMs`, nor a
 * revision that was learned after it.
 * @throws LakeFileError where a part that is listed is missing or damaged: a shorter answer would look as if there were
 *   no more bars.
 */
export interface BarReader {
  /** Exact bars, ascending, each as the newest revision that was known. */
  bars(series: Series, query: BarsQuery): Promise<StoredBar[]>;
  /** The same bars as float64. @throws RangeError for more than some five years of minutes. */
  columns(series: Series, query: ColumnsQuery): Promise<BarColumns>;
}

export function barReader(db: Db, files: LakeFiles, { lostBars }: Pick<Adoption, 'lostBars'>): BarReader {
  const parts = new PartReader(files);
  const sound = async ({ stream }: Series, query: ColumnsQuery): Promise<void> => {
    const { fromMs, toMs } = rangeOf(query);
    const lost = (await lostBars()).find(
      (file) => file.stream === stream && file.lastOpenMs >= fromMs && file.firstOpenMs < toMs,
    );
    if (lost) throw new LakeFileError('missing', `file ${lost.fileId}: ${lost.why}`);
  };
  return {
    bars: async (series, query) => {
      await sound(series, query);
      return readBars(db, parts, series, query);
    },
    columns: async (series, query) => {
      await sound(series, query);
      return readColumns(db, parts, series, query);
    },
  };
}

async function readBars(db: Db, reader: PartReader, series: Series, query: BarsQuery): Promise<StoredBar[]> {
  const range = rangeOf(query);
  const parts = await partsIn(db, series.stream, range);
  const lengthMs = SLAB_BARS * TIMEFRAME_MS[series.timeframe];
  const slabs = slabsOf(parts, range, lengthMs);
  const found: StoredBar[][] = [];
  let count = 0;
  for (const slab of query.newest === true ? slabs.toReversed() : slabs) {
    const whole = { fromMs: slab * lengthMs, toMs: (slab + 1) * lengthMs };
    const rows = await reader.rows(parts.filter(overlaps(whole)), whole);
    const seen = visible(rows, series, query).filter(
      ({ openMs }) => openMs >= range.fromMs && openMs < range.toMs,
    );
    found.push(seen);
    count += seen.length;
    if (count >= query.limit) break;
  }
  return query.newest === true
    ? found.toReversed().flat().slice(-query.limit)
    : found.flat().slice(0, query.limit);
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A bar has not closed before it opened. */
function rangeOf({ fromMs = 0, toMs = Infinity, asOfMs }: ColumnsQuery): Range {
  return { fromMs, toMs: Math.max(fromMs, Math.min(toMs, asOfMs)) };
}

function overlaps({ fromMs, toMs }: Range): (part: ReadablePart) => boolean {
  return (part) => part.lastOpenMs >= fromMs && part.firstOpenMs < toMs;
}

/** The numbers of the stretches of time, ascending, in which the parts can have bars of the range. */
function slabsOf(parts: readonly ReadablePart[], { fromMs, toMs }: Range, lengthMs: number): number[] {
  const slabs = new Set<number>();
  for (const part of parts) {
    const last = Math.floor(Math.min(part.lastOpenMs, toMs - 1) / lengthMs);
    for (let slab = Math.floor(Math.max(part.firstOpenMs, fromMs) / lengthMs); slab <= last; slab++)
      slabs.add(slab);
  }
  return [...slabs].toSorted((a, b) => a - b);
}

function visible(rows: readonly StoredBar[], series: Series, query: PointInTime): StoredBar[] {
  const accessors = {
    length: rows.length,
    openMs: (row: number) => rows[row]!.openMs,
    knownMs: (row: number) => rows[row]!.knownMs,
    revision: (row: number) => rows[row]!.revision,
  };
  return visibleRows(accessors, query, closer(series)).map((row) => rows[row]!);
}

function closer({ timeframe, calendar }: Series): (openMs: number) => number {
  return (openMs) => closeMs(openMs, timeframe, calendar);
}

async function readColumns(
  db: Db,
  reader: PartReader,
  series: Series,
  query: ColumnsQuery,
): Promise<BarColumns> {
  const range = rangeOf(query);
  const parts = await partsIn(db, series.stream, range);
  const rowsMax = parts.reduce((sum, { rows }) => sum + rows, 0);
  if (rowsMax > COLUMN_BARS_MAX)
    throw new RangeError(`the parts of the range hold ${rowsMax} bars, more than ${COLUMN_BARS_MAX}`);
  if (parts.length === 0) return emptyColumns();
  const plain = isPlain(parts);
  const withRevisions = !plain || query.knownMs !== undefined;
  const columns = await reader.columns(parts, {
    ...range,
    rowsMax,
    decimals: Math.max(...parts.map(({ decimals }) => decimals)),
    withRevisions,
    order: plain ? 'as_stored' : 'sorted',
  });
  const rows = withRevisions
    ? visibleRows(rowsOf(columns), query, closer(series))
    : closedRows(columns.openMs, query.asOfMs, closer(series));
  return typeof rows === 'number' ? cutColumns(columns, rows) : pickRows(columns, rows);
}

/** Whether the parts, in their order, are one ascending series in which each bar is there once. */
function isPlain(parts: readonly ReadablePart[]): boolean {
  return parts.every(
    ({ revisionMax, hidden, firstOpenMs }, index) =>
      revisionMax === 0 && hidden.length === 0 && (index === 0 || parts[index - 1]!.lastOpenMs < firstOpenMs),
  );
}

function rowsOf({ openMs, knownMs, revision }: RowColumns) {
  return {
    length: openMs.length,
    openMs: (row: number) => openMs[row]!,
    knownMs: (row: number) => knownMs[row]!,
    revision: (row: number) => revision[row]!,
  };
}

/** How many of the rows had closed by then. What opened later closes later. */
function closedRows(openMs: Float64Array, asOfMs: number, closeOf: (openMs: number) => number): number {
  let rows = openMs.length;
  while (rows > 0 && closeOf(openMs[rows - 1]!) > asOfMs) rows--;
  return rows;
}
