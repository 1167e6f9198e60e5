import type { DuckDBConnection, DuckDBInstance, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { LakeFileError } from './lake-file-error.ts';

/** Several questions run side by side, each on a core of its own; none of them takes the whole machine. */
const THREADS = '1';
const MEMORY_LIMIT = '512MB';

let shared: Promise<DuckDBInstance> | undefined;

/**
 * Runs work on a connection of its own to the one DuckDB of this process: in memory, bounded in threads and memory.
 * The library is loaded at the first use, because it takes most of a second.
 */
export async function withDuck<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  shared ??= openInstance();
  const connection = await (await shared).connect();
  try {
    return await work(connection);
  } finally {
    connection.closeSync();
  }
}

async function openInstance(): Promise<DuckDBInstance> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
  return Instance.create(':memory:', {
    threads: THREADS,
    memory_limit: MEMORY_LIMIT,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    temp_directory: '',
    // It would hold pages of each file that was ever read, up to the limit; files are read from the system's own cache.
    enable_external_file_cache: 'false',
  });
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A list of texts as an SQL literal. */
export function sqlList(texts: readonly string[]): string {
  return `[${texts.map(sqlText).join(', ')}]`;
}

/**
 * The rows of a statement, each by the names of its columns.
 * @throws LakeFileError for a file that is missing or cannot be read, an error with `code` ENOSPC for a full disk.
 */
export async function ask(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly Readonly<Record<string, DuckDBValue>>[]> {
  try {
    return (await connection.runAndReadAll(sql)).getRowObjects();
  } catch (error) {
    throw asFileError(error);
  }
}

/** The rows of a statement as DuckDB makes them, a chunk at a time. @throws as {@link ask}. */
export async function stream(connection: DuckDBConnection, sql: string): Promise<DuckDBResult> {
  try {
    return await connection.stream(sql);
  } catch (error) {
    throw asFileError(error);
  }
}

/** DuckDB tells what the file system said only in words; this brings back what callers decide by. */
export function asFileError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof LakeFileError) return error;
  if (error.message.includes('No space left on device'))
    return Object.assign(new Error(`ENOSPC: ${error.message}`, { cause: error }), { code: 'ENOSPC' });
  if (error.message.includes('No files found') || error.message.includes('No such file'))
    return new LakeFileError('missing', error.message, { cause: error });
  return isAboutContent(error.message)
    ? new LakeFileError('corrupt', 'a file of bars cannot be read', { cause: error })
    : error;
}

/** What DuckDB says of a file that it could open and not understand, by the class that its message starts with. */
function isAboutContent(message: string): boolean {
  return /^(Invalid Input|Invalid|Binder|Conversion|Serialization|IO|TProtocolException|Out of Range) Error/.test(
    message,
  );
}
