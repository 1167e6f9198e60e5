import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

const THREADS = '2';
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
  });
}

/** A text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
