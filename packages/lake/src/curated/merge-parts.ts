import { ask, sqlText, withDuck } from '../duck.ts';
import { LakeFileError } from '../lake-file-error.ts';
import { makePart, type MadePart } from './make-parts.ts';
import type { Part } from './part.ts';

/**
 * One part of the rows of several, all of one stream and year; their raw files one after the other.
 * @param localPaths - of the parts, in their order.
 * @throws LakeFileError where a part is missing, cannot be read, or is not wholly in the new one.
 */
export async function mergeParts(parts: readonly Part[], localPaths: readonly string[]): Promise<MadePart> {
  const [first] = parts;
  if (first === undefined || parts.some(({ stream, year }) => stream !== first.stream || year !== first.year))
    throw new TypeError('only parts of one stream and year become one');
  return withDuck(async (connection) => {
    let offset = 0;
    const rows = parts.map((part, index) => {
      const sql = `SELECT * REPLACE (raw_file + ${offset} AS raw_file) FROM read_parquet(${sqlText(localPaths[index] ?? '')}, hive_partitioning = false)`;
      offset += part.rawSha256.length;
      return sql;
    });
    await ask(connection, `CREATE TEMP VIEW merged AS ${rows.join(' UNION ALL ')}`);
    const made = await makePart(connection, {
      sql: 'SELECT * FROM merged ORDER BY open_ms, revision',
      partition: { stream: first.stream, year: first.year },
      rawSha256: parts.flatMap((part) => part.rawSha256),
      revisionMax: Math.max(...parts.map((part) => part.revisionMax)),
      decimals: Math.max(...parts.map((part) => part.decimals)),
    });
    const wanted = parts.reduce((sum, part) => sum + part.rows, 0);
    if (made.part.rows === wanted) return made;
    throw new LakeFileError('corrupt', `${made.part.rows} rows became of ${wanted}`);
  });
}
