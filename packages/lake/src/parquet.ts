import type { Bar } from '@aistock/market';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { sqlText, withDuck } from './duck.ts';
import { LakeFileError } from './lake-file-error.ts';
import { fromScaled, SCALE, toScaled } from './scaled-decimal.ts';

const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const;
const WIDTH = 38;

/** Writes bars, ascending, as one Parquet file: `open_ms BIGINT` and five `DECIMAL(38,12)`. */
export async function writeParquet(path: string, bars: readonly Bar[]): Promise<void> {
  await withDuck(async (connection) => {
    const columns = VALUES.map((name) => `${name} DECIMAL(${WIDTH},${SCALE}) NOT NULL`);
    await connection.run(`CREATE TEMP TABLE part (open_ms BIGINT NOT NULL, ${columns.join(', ')})`);
    await appendBars(connection, bars);
    await run(
      connection,
      `COPY (SELECT * FROM part ORDER BY open_ms) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`,
    );
  });
}

/**
 * The bars of Parquet files, at least one, ascending over all of them, with normalised decimal text.
 * @throws LakeFileError where a file is missing or not such a file.
 */
export async function readParquet(paths: readonly string[]): Promise<Bar[]> {
  const files = paths.map(sqlText).join(', ');
  const sql = `SELECT open_ms, ${VALUES.join(', ')} FROM read_parquet([${files}]) ORDER BY open_ms`;
  const columns = await withDuck((connection) => run(connection, sql)).catch((error: unknown) => {
    throw isAboutContent(error)
      ? new LakeFileError('corrupt', 'a file of bars cannot be read', { cause: error })
      : error;
  });
  return toBars(columns);
}

async function appendBars(connection: DuckDBConnection, bars: readonly Bar[]): Promise<void> {
  const { DuckDBDecimalValue } = await import('@duckdb/node-api');
  const appender = await connection.createAppender('part');
  for (const bar of bars) {
    appender.appendBigInt(BigInt(bar.openMs));
    for (const name of VALUES)
      appender.appendDecimal(new DuckDBDecimalValue(toScaled(bar[name]), WIDTH, SCALE));
    appender.endRow();
  }
  appender.closeSync();
}

function toBars(columns: DuckDBValue[][]): Bar[] {
  const [openMs, ...values] = columns;
  const text = (column: number, row: number): string => {
    const value = values[column]?.[row];
    if (typeof value === 'object' && value !== null && 'scale' in value && value.scale === SCALE)
      return fromScaled(value.value);
    throw new LakeFileError('corrupt', `a file of bars holds something else than DECIMAL(${WIDTH},${SCALE})`);
  };
  return (openMs ?? []).map((ms, row) => ({
    openMs: Number(ms),
    open: text(0, row),
    high: text(1, row),
    low: text(2, row),
    close: text(3, row),
    volume: text(4, row),
  }));
}

/** DuckDB tells what the file system said only in words; this brings back the code that callers decide by. */
async function run(connection: DuckDBConnection, sql: string): Promise<DuckDBValue[][]> {
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getColumns();
  } catch (error) {
    throw asFileError(error);
  }
}

function asFileError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.message.includes('No space left on device'))
    return Object.assign(new Error(`ENOSPC: ${error.message}`, { cause: error }), { code: 'ENOSPC' });
  if (error.message.includes('No files found') || error.message.includes('No such file'))
    return new LakeFileError('missing', error.message, { cause: error });
  return error;
}

/** What DuckDB says of a file that it could open and not understand, by the class that its message starts with. */
function isAboutContent(error: unknown): boolean {
  if (error instanceof LakeFileError) return false;
  return (
    error instanceof Error &&
    /^(Invalid Input|Invalid|Binder|Conversion|Serialization|IO) Error/.test(error.message)
  );
}
