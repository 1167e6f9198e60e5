import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { sha256Hex } from '@aistock/shared';
import type { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { ask, sqlText, withDuck } from '../duck.ts';
import { featurePartPath, type FeaturePart, type StoredFeature } from './feature-part.ts';
import type { FeatureRows } from './feature-rows.ts';

/** Rows that DuckDB takes at a time. */
const CHUNK_ROWS = 2_048;
/** What a reader reads at least. */
const ROW_GROUP_ROWS = 16_384;

export interface NewFeaturePart extends Pick<FeaturePart, 'period' | 'inputsSha256' | 'revisedMs'> {
  readonly stream: string;
  readonly features: readonly StoredFeature[];
  /** At least one. */
  readonly rows: FeatureRows;
  /** Where its features stand after the last row: JSON from which the next rows are computed. */
  readonly state: string;
}

/** The bytes of a part, and what it is: the same rows, inputs and state give the same bytes. */
export async function makeFeaturePart(
  made: NewFeaturePart,
): Promise<{ readonly part: FeaturePart; readonly content: Uint8Array }> {
  const { stream, period, rows, inputsSha256, revisedMs } = made;
  const content = await parquetOf(made);
  const partId = sha256Hex(content);
  const part = {
    period,
    partId,
    path: featurePartPath(stream, period, partId),
    rows: rows.openMs.length,
    bytes: content.length,
    firstOpenMs: rows.openMs[0]!,
    lastOpenMs: rows.openMs.at(-1)!,
    inputsSha256,
    revisedMs,
  };
  return { part, content };
}

async function parquetOf({
  stream,
  features,
  rows,
  state,
  inputsSha256,
}: NewFeaturePart): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-features-'));
  try {
    const path = join(folder, 'part.parquet');
    const versions = features.map(({ name, version }) => `${name}:${version}`).join(',');
    const metadata = Object.entries({ stream, features: versions, inputs_sha256: inputsSha256, state })
      .map(([key, value]) => `${key}: ${sqlText(value)}`)
      .join(', ');
    await withDuck(async (connection) => {
      const columns = features.map(({ name }) => `${columnName(name)} DOUBLE NOT NULL`);
      await ask(
        connection,
        `CREATE TEMP TABLE feature_rows (${['open_ms BIGINT NOT NULL', ...columns].join(', ')})`,
      );
      await append(connection, rows);
      await ask(
        connection,
        `COPY feature_rows TO ${sqlText(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false, ROW_GROUP_SIZE ${ROW_GROUP_ROWS}, KV_METADATA {${metadata}})`,
      );
    });
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Copies memory: one call for each of a million values would take longer than to compute them. Others have their turn between
 * chunks.
 */
async function append(connection: DuckDBConnection, { openMs, columns }: FeatureRows): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk } = await import('@duckdb/node-api');
  const appender = await connection.createAppender('feature_rows');
  const types = [BIGINT, ...columns.map(() => DOUBLE)];
  for (let from = 0; from < openMs.length; from += CHUNK_ROWS) {
    const to = Math.min(openMs.length, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, to - from);
    const times = BigInt64Array.from(openMs.subarray(from, to), BigInt);
    // Slices, so that no buffer is larger than what is copied, or a shared one.
    const pieces = [times, ...columns.map((column) => column.slice(from, to))];
    for (const [index, values] of pieces.entries()) {
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, index);
      duckdb.copy_data_to_vector(vector, 0, values.buffer, values.byteOffset, values.byteLength);
    }
    appender.appendDataChunk(chunk);
    await setImmediate();
  }
  appender.closeSync();
}

/** A name as a column. */
export function columnName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
