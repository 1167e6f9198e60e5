import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { eachChunk, type OpenRange } from '../curated/row-question.ts';
import { ask, sqlList, sqlText, withDuck } from '../duck.ts';
import { LakeFileError } from '../lake-file-error.ts';
import type { FeatureRows } from './feature-rows.ts';
import { columnName } from './write-part.ts';

export interface RowsQuestion extends OpenRange {
  /** Of features, in the order of the columns that are wanted. */
  readonly names: readonly string[];
  /** At least as many as there are rows in the range, or the most that is wanted of them. */
  readonly rowsMax: number;
}

/**
 * The rows of parts, given in their order, that open in a range.
 * @throws LakeFileError where a part is missing, cannot be read or does not ascend.
 */
export async function readFeatureRows(
  localPaths: readonly string[],
  { names, fromMs, toMs, rowsMax }: RowsQuestion,
): Promise<FeatureRows> {
  const openMs = new Float64Array(rowsMax);
  const columns = names.map(() => new Float64Array(rowsMax));
  let rows = 0;
  const wanted = ['open_ms::DOUBLE', ...names.map(columnName)].join(', ');
  const sql = `SELECT ${wanted} FROM read_parquet(${sqlList(localPaths)}, hive_partitioning = false) WHERE open_ms >= ${BigInt(fromMs)} AND open_ms < ${BigInt(toMs)} LIMIT ${rowsMax}`;
  await withDuck((connection) =>
    eachChunk(connection, sql, (chunk) => {
      for (const [index, into] of [openMs, ...columns].entries()) into.set(doublesOf(chunk, index), rows);
      rows += chunk.rowCount;
    }),
  );
  const cut = openMs.subarray(0, rows);
  if (cut.some((ms, row) => row > 0 && ms <= cut[row - 1]!))
    throw new LakeFileError('corrupt', 'the rows of features do not ascend');
  return { openMs: cut, columns: columns.map((column) => column.subarray(0, rows)) };
}

/** The memory of DuckDB as it is; no column has a NULL. */
function doublesOf(chunk: DuckDBDataChunk, index: number): Float64Array {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
  const bytes = duckdb.vector_get_data(vector, chunk.rowCount * Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(bytes.buffer, bytes.byteOffset, chunk.rowCount);
}

/** The state after the last row of a part. @throws LakeFileError where it has none. */
export async function readFeatureState(localPath: string): Promise<string> {
  const rows = await withDuck((connection) =>
    ask(
      connection,
      `SELECT decode(value) AS state FROM parquet_kv_metadata(${sqlText(localPath)}) WHERE decode(key) = 'state'`,
    ),
  );
  const state = rows[0]?.['state'];
  if (typeof state === 'string') return state;
  throw new LakeFileError('corrupt', 'a part of features has no state to go on from');
}
