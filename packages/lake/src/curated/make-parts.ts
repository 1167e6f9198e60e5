import { FRACTION_DIGITS_MAX } from '@aistock/market';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@aistock/shared';
import type { DuckDBConnection } from '@duckdb/node-api';
import { ask, sqlList, sqlText, withDuck } from '../duck.ts';
import { LakeFileError } from '../lake-file-error.ts';
import { partPath, yearBounds, type Partition } from './part-path.ts';
import type { Part, RawFile } from './part.ts';
import { VALUES } from './row-question.ts';

/** Of the columns and the metadata of the files; grows when a reader must know that something is different. */
const SCHEMA_VERSION = '1';
const WIDTH = 38;
/** A number of so many digits is a 64-bit integer, which DuckDB reads some thirty times as fast. */
const NARROW_WIDTH = 18;

/** What DuckDB reads at least of a part: a page of a reader is about as long. */
const ROW_GROUP_ROWS = 16_384;

/** A part whose bytes are made and not yet in the store. */
export interface MadePart {
  readonly part: Part;
  readonly content: Uint8Array;
}

/** Where the bars of one raw file are read from: its gzip CSV, or Parquet with the columns `open_ms, open, …`. */
export interface BarFile {
  readonly localPath: string;
  readonly format: 'csv' | 'parquet';
  /** Only the bars that open in it, UTC; all of them unless told. */
  readonly onlyYear?: number | undefined;
}

/**
 * The parts of a raw file whose bars ascend: one for each year that its bars open in.
 * @throws LakeFileError where the file is missing or cannot be read as bars.
 */
export async function makeParts(raw: RawFile, file: BarFile): Promise<MadePart[]> {
  return withDuck(async (connection) => {
    await ask(connection, `CREATE TEMP TABLE chunk AS ${textColumns(file)}`);
    await assertFilled(connection, file);
    const made: MadePart[] = [];
    for (const year of await yearsOf(connection)) {
      if (year !== (file.onlyYear ?? year)) continue;
      const { fromMs, toMs } = yearBounds(year);
      const rows = `FROM chunk WHERE open_ms >= ${fromMs} AND open_ms < ${toMs}`;
      const measured = await measure(connection, rows);
      made.push(
        await makePart(connection, {
          sql: `SELECT open_ms, ${typed(measured)}, ${lineage(raw)} ${rows}`,
          partition: { stream: raw.stream, year },
          rawSha256: [raw.sha256],
          revisionMax: raw.revision,
          decimals: measured.decimals,
        }),
      );
    }
    if (made.length === 0) throw new LakeFileError('corrupt', `${file.localPath} holds no bars`);
    return made;
  });
}

export interface PartContent {
  /** Gives the columns of a part, ascending by open time and revision. */
  readonly sql: string;
  readonly partition: Partition;
  readonly rawSha256: readonly string[];
  readonly revisionMax: number;
  readonly decimals: number;
}

/** Writes the rows of a question as Parquet and reads back what it holds. */
export async function makePart(connection: DuckDBConnection, content: PartContent): Promise<MadePart> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-part-'));
  try {
    const path = join(folder, 'part.parquet');
    const { partition, rawSha256, revisionMax, decimals } = content;
    const metadata = `{schema_version: ${sqlText(SCHEMA_VERSION)}, stream: ${sqlText(partition.stream)}, raw_sha256: ${sqlText(rawSha256.join(','))}}`;
    await ask(
      connection,
      `COPY (${content.sql}) TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, KV_METADATA ${metadata})`,
    );
    const [held] = await ask(
      connection,
      `SELECT count(*) AS rows, min(open_ms) AS first, max(open_ms) AS last FROM read_parquet(${sqlText(path)})`,
    );
    const bytes = await readFile(path);
    const partId = sha256Hex(bytes);
    const part: Part = {
      ...partition,
      partId,
      path: partPath(partition, partId),
      rows: Number(held?.['rows']),
      bytes: bytes.length,
      firstOpenMs: Number(held?.['first']),
      lastOpenMs: Number(held?.['last']),
      revisionMax,
      decimals,
      rawSha256,
    };
    return { part, content: bytes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All values as text, so that what a number needs is known before it is read as one. */
function textColumns({ localPath, format }: BarFile): string {
  if (format === 'parquet') {
    const texts = VALUES.map((name) => `rtrim(rtrim(${name}::VARCHAR, '0'), '.') AS ${name}`);
    return `SELECT open_ms, ${texts.join(', ')} FROM read_parquet(${sqlList([localPath])}) ORDER BY open_ms`;
  }
  const columns = ['open_ms: BIGINT', ...VALUES.map((name) => `${name}: VARCHAR`)];
  const types = columns.map((column) => column.replace(/(\w+): (\w+)/, "$1: '$2'")).join(', ');
  const strict =
    "auto_detect = false, header = true, delim = ',', quote = '', escape = '', compression = 'gzip'";
  return `SELECT * FROM read_csv(${sqlList([localPath])}, ${strict}, columns = {${types}})`;
}

async function assertFilled(connection: DuckDBConnection, { localPath }: BarFile): Promise<void> {
  const empty = ['open_ms', ...VALUES].map((name) => `${name} IS NULL`).join(' OR ');
  const [found] = await ask(connection, `SELECT count(*) AS rows FROM chunk WHERE ${empty}`);
  if (Number(found?.['rows']) > 0)
    throw new LakeFileError('corrupt', `${localPath} has rows without a value`);
}

async function yearsOf(connection: DuckDBConnection): Promise<number[]> {
  const rows = await ask(
    connection,
    'SELECT DISTINCT year(make_timestamp(open_ms * 1000)) AS year FROM chunk ORDER BY year',
  );
  return rows.map(({ year }) => Number(year));
}

interface Measured {
  readonly decimals: number;
  readonly wholeDigits: number;
}

async function measure(connection: DuckDBConnection, rows: string): Promise<Measured> {
  const [found] = await ask(
    connection,
    `SELECT ${longest((name) => `CASE WHEN contains(${name}, '.') THEN length(${name}) - strpos(${name}, '.') ELSE 0 END`)} AS decimals,
      ${longest((name) => `CASE WHEN contains(${name}, '.') THEN strpos(${name}, '.') - 1 ELSE length(${name}) END`)} AS whole ${rows}`,
  );
  return { decimals: Number(found?.['decimals']), wholeDigits: Number(found?.['whole']) };
}

function longest(digits: (name: string) => string): string {
  return `greatest(${VALUES.map((name) => `max(${digits(name)})`).join(', ')})`;
}

/** @throws LakeFileError for more decimals than a part keeps: DuckDB would round them. */
function typed({ decimals, wholeDigits }: Measured): string {
  if (decimals > FRACTION_DIGITS_MAX)
    throw new LakeFileError('corrupt', `a value has ${decimals} decimals, more than ${FRACTION_DIGITS_MAX}`);
  const wide = `DECIMAL(${WIDTH},${FRACTION_DIGITS_MAX})`;
  const narrow = wholeDigits + decimals <= NARROW_WIDTH ? `::DECIMAL(${NARROW_WIDTH},${decimals})` : '';
  return VALUES.map((name) => `${name}${narrow}::${wide} AS ${name}`).join(', ');
}

function lineage({ source, knownMs, revision }: RawFile): string {
  return `${sqlText(source)} AS bar_source, ${BigInt(knownMs)}::BIGINT AS known_ms, ${BigInt(revision)}::INTEGER AS revision, 0::INTEGER AS raw_file`;
}
