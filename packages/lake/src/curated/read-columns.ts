import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { withDuck } from '../duck.ts';
import { LakeFileError } from '../lake-file-error.ts';
import { floatsInto } from './float-values.ts';
import type { BarColumns } from './part.ts';
import { COLUMNS, eachChunk, rowQuestion, VALUES, type LocalPart, type RowQuestion } from './row-question.ts';

/** Rows as float64, with what decides whether they may be seen. */
export interface RowColumns extends BarColumns {
  /** Empty unless asked for. */
  readonly knownMs: Float64Array;
  /** Empty unless asked for. */
  readonly revision: Int32Array;
}

export interface ColumnQuestion extends Omit<RowQuestion, 'columns'> {
  /** At least as many as the parts have rows in the range. */
  readonly rowsMax: number;
  /** No value of the parts has more digits after the point. */
  readonly decimals: number;
  /** Whether it is asked when rows were learned, and which revision they are. */
  readonly withRevisions: boolean;
}

/**
 * All rows of parts that open in a range, ascending by open time and revision, as float64. The memory of DuckDB is read
 * as it is: one object for each of millions of values would take longer than all the rest.
 * @throws LakeFileError where a part is missing, cannot be read, or does not ascend.
 */
export async function readColumns(
  parts: readonly LocalPart[],
  question: ColumnQuestion,
): Promise<RowColumns> {
  const { rowsMax, withRevisions } = question;
  const columns = empty(rowsMax, withRevisions);
  const wanted = COLUMNS.indexOf(withRevisions ? 'bar_source' : 'known_ms');
  let rows = 0;
  await withDuck((connection) =>
    eachChunk(connection, rowQuestion(parts, { ...question, columns: wanted }), (chunk) => {
      if (rows + chunk.rowCount > rowsMax)
        throw new LakeFileError('corrupt', 'a part has more rows than its catalogue lists');
      take(columns, chunk, { ...question, rows });
      rows += chunk.rowCount;
    }),
  );
  return cut(columns, rows);
}

function empty(rows: number, withRevisions: boolean): RowColumns {
  const values = () => new Float64Array(rows);
  const revised = withRevisions ? rows : 0;
  return {
    openMs: values(),
    open: values(),
    high: values(),
    low: values(),
    close: values(),
    volume: values(),
    knownMs: new Float64Array(revised),
    revision: new Int32Array(revised),
  };
}

function cut({ openMs, open, high, low, close, volume, knownMs, revision }: RowColumns, rows: number) {
  return {
    openMs: openMs.subarray(0, rows),
    open: open.subarray(0, rows),
    high: high.subarray(0, rows),
    low: low.subarray(0, rows),
    close: close.subarray(0, rows),
    volume: volume.subarray(0, rows),
    knownMs: knownMs.subarray(0, rows),
    revision: revision.subarray(0, rows),
  };
}

function take(
  columns: RowColumns,
  chunk: DuckDBDataChunk,
  { rows, decimals, withRevisions }: ColumnQuestion & { readonly rows: number },
): void {
  wholesInto(columns.openMs.subarray(rows), wordsOf(chunk, 'open_ms', 2));
  assertAscending(columns.openMs, rows, rows + chunk.rowCount);
  for (const name of VALUES) floatsInto(columns[name].subarray(rows), wordsOf(chunk, name, 4), decimals);
  if (!withRevisions) return;
  wholesInto(columns.knownMs.subarray(rows), wordsOf(chunk, 'known_ms', 2));
  columns.revision.set(wordsOf(chunk, 'revision', 1), rows);
}

/** The values of a column, each so many 32-bit words, the lowest first. */
function wordsOf(chunk: DuckDBDataChunk, name: (typeof COLUMNS)[number], words: number): Uint32Array {
  const count = chunk.rowCount * words;
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, COLUMNS.indexOf(name));
  const bytes = duckdb.vector_get_data(vector, count * Uint32Array.BYTES_PER_ELEMENT);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, count);
}

/** Times are far below 2⁵³. */
function wholesInto(into: Float64Array, words: Uint32Array): void {
  for (let row = 0, word = 0; word < words.length; row++, word += 2)
    into[row] = words[word]! + words[word + 1]! * 2 ** 32;
}

function assertAscending(openMs: Float64Array, from: number, to: number): void {
  for (let row = Math.max(1, from); row < to; row++)
    if (openMs[row]! < openMs[row - 1]!)
      throw new LakeFileError('corrupt', 'the bars of a part do not ascend');
}
