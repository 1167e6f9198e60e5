import { fromUnits, FRACTION_DIGITS_MAX } from '@aistock/market';
import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { withDuck } from '../duck.ts';
import { LakeFileError } from '../lake-file-error.ts';
import type { StoredBar } from './part.ts';
import { COLUMNS, eachChunk, rowQuestion, type LocalPart, type OpenRange } from './row-question.ts';

/**
 * All rows of parts that open in a range, ascending by open time and revision, exact.
 * @throws LakeFileError where a part is missing or cannot be read.
 */
export async function readRows(parts: readonly LocalPart[], range: OpenRange): Promise<StoredBar[]> {
  const rows: StoredBar[] = [];
  const question = rowQuestion(parts, { ...range, columns: COLUMNS.length, order: 'sorted' });
  await withDuck((connection) =>
    eachChunk(connection, question, (chunk) => {
      for (const row of storedBars(chunk)) rows.push(row);
    }),
  );
  return rows;
}

function* storedBars(chunk: DuckDBDataChunk): Generator<StoredBar> {
  const columns = new Map(COLUMNS.map((name, index) => [name, chunk.getColumnValues(index)]));
  const at = (name: (typeof COLUMNS)[number], row: number): DuckDBValue => columns.get(name)?.[row] ?? null;
  for (let row = 0; row < chunk.rowCount; row++)
    yield {
      openMs: Number(at('open_ms', row)),
      open: decimalText(at('open', row)),
      high: decimalText(at('high', row)),
      low: decimalText(at('low', row)),
      close: decimalText(at('close', row)),
      volume: decimalText(at('volume', row)),
      source: String(at('bar_source', row)),
      knownMs: Number(at('known_ms', row)),
      revision: Number(at('revision', row)),
    };
}

function decimalText(value: DuckDBValue): string {
  if (typeof value === 'object' && value !== null && 'scale' in value && value.scale === FRACTION_DIGITS_MAX)
    return fromUnits(value.value);
  throw new LakeFileError(
    'corrupt',
    `a part holds something else than decimals of ${FRACTION_DIGITS_MAX} digits`,
  );
}
