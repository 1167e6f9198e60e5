import { DuckDBInstance } from '@duckdb/node-api';

/** DuckDB on its own, with one thread. */
export interface DuckSide {
  /** Its own way from CSV to Parquet: it looks at the files, chooses the types (float64 for prices) and writes. */
  readonly copy: (csvPaths: readonly string[], parquetPath: string) => Promise<void>;
  /** Its own way from Parquet to arrays of JavaScript. @returns how many rows. */
  readonly read: (parquetPath: string) => Promise<number>;
  readonly close: () => void;
}

export async function openDuckSide(): Promise<DuckSide> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  return {
    copy: async (csvPaths, parquetPath) => {
      await connection.run(
        `COPY (FROM read_csv([${csvPaths.map((path) => `'${path}'`).join(', ')}])) TO '${parquetPath}' (FORMAT parquet)`,
      );
    },
    read: async (parquetPath) => {
      const reader = await connection.runAndReadAll(`FROM read_parquet('${parquetPath}')`);
      return reader.getColumnsJS()[0]?.length ?? 0;
    },
    close: () => connection.closeSync(),
  };
}
