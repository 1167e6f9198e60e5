import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { asFileError, sqlList, stream } from '../duck.ts';

/** The values of a bar, in the order of their columns. */
export const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const;

/** The columns of a part that readers ask for, in their order. */
export const COLUMNS = ['open_ms', ...VALUES, 'known_ms', 'revision', 'bar_source'] as const;

/** One part as it is read. */
export interface LocalPart {
  readonly localPath: string;
  /** Raw files of it, by their number, whose bars are not to be seen. */
  readonly hidden: readonly number[];
}

/** Open times, Unix ms UTC: from the first on, before the second. */
export interface OpenRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface RowQuestion extends OpenRange {
  /** How many of {@link COLUMNS}, from the first on. */
  readonly columns: number;
  /** Ascending by open time and revision, or as the parts come: that is the same where they are one ascending series. */
  readonly order: 'sorted' | 'as_stored';
}

/** Asks for all rows of parts that open in a range. */
export function rowQuestion(
  parts: readonly LocalPart[],
  { fromMs, toMs, columns, order }: RowQuestion,
): string {
  const range = `open_ms >= ${BigInt(fromMs)} AND open_ms < ${BigInt(toMs)}`;
  const rowsOf = (paths: readonly string[], and: string): string =>
    `SELECT ${COLUMNS.join(', ')} FROM read_parquet(${sqlList(paths)}, hive_partitioning = false) WHERE ${range}${and}`;
  const whole = parts.filter(({ hidden }) => hidden.length === 0).map(({ localPath }) => localPath);
  const rows = parts
    .filter(({ hidden }) => hidden.length > 0)
    .map(({ localPath, hidden }) => rowsOf([localPath], ` AND raw_file NOT IN (${hidden.join(', ')})`));
  if (whole.length > 0) rows.unshift(rowsOf(whole, ''));
  const wanted = COLUMNS.slice(0, columns).join(', ');
  const sorted = order === 'sorted' ? ' ORDER BY open_ms, revision' : '';
  return `SELECT ${wanted} FROM (${rows.join(' UNION ALL ')})${sorted}`;
}

/**
 * Gives the chunks of an answer one after the other; while one is worked on, DuckDB makes the next.
 * @throws LakeFileError where a file is missing or cannot be read.
 */
export async function eachChunk(
  connection: DuckDBConnection,
  sql: string,
  take: (chunk: DuckDBDataChunk) => void,
): Promise<void> {
  const result = await stream(connection, sql);
  let coming = result.fetchChunk();
  try {
    for (let chunk = await coming; chunk !== null && chunk.rowCount > 0; chunk = await coming) {
      coming = result.fetchChunk();
      take(chunk);
    }
  } catch (error) {
    // What was asked for ahead must end before the connection does; the first error is the one to tell.
    await coming.catch(() => undefined);
    throw asFileError(error);
  }
}
