import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Db } from '@aistock/database';
import type { VenueSim } from '@aistock/venue_sim';
import { sql } from 'kysely';
import type { Ingester } from '../ingest-proof/ingester.ts';
import { MINUTE_MS } from '../ingest-proof/proof-terms.ts';
import { postgresMemory } from './postgres-memory.ts';

const MIB = 1_024 * 1_024;

/** How the ingester, its database and its lake were at one moment. */
export interface Sample {
  /** Since the venue's clock was started. */
  readonly atS: number;
  /** Memory of the ingester: all of it, and of that JavaScript's own. */
  readonly residentMib: number;
  readonly heapMib: number;
  /** What Postgres' processes hold for themselves; null where the system does not tell. */
  readonly postgresMib: number | null;
  /** Open file descriptors of the ingester; null where the system does not tell. */
  readonly descriptors: number | null;
  readonly bars: number;
  /** Closed bars that the stream that is furthest behind still lacks. */
  readonly barsBehind: number;
  readonly lakeFiles: number;
}

export interface Sampled {
  readonly sim: VenueSim;
  readonly ingester: Ingester;
  readonly db: Db;
  /** Streams that there ought to be. */
  readonly streams: number;
}

export async function takeSample({ sim, ingester, db, streams }: Sampled, atS: number): Promise<Sample> {
  const metrics = await ingester.metrics();
  const closedMs = Math.floor(sim.control.status().nowMs / MINUTE_MS) * MINUTE_MS - MINUTE_MS;
  const held = await ledgerTotals(db);
  const postgres = await postgresMemory(db);
  const behindMs = held.streams < streams ? closedMs : closedMs - held.lastMs;
  return {
    atS,
    residentMib: mib(metrics.get('process_resident_memory_bytes') ?? Number.NaN),
    heapMib: mib(metrics.get('nodejs_heap_size_used_bytes') ?? Number.NaN),
    postgresMib: postgres === undefined ? null : mib(postgres),
    descriptors: metrics.get('process_open_fds') ?? null,
    bars: held.bars,
    barsBehind: Math.max(0, behindMs / MINUTE_MS),
    lakeFiles: await countFiles(ingester.lake),
  };
}

const mib = (bytes: number): number => Math.round((bytes / MIB) * 100) / 100;

interface LedgerTotals {
  readonly bars: number;
  readonly streams: number;
  /** Of the stream that is furthest behind: the open time of its last bar. */
  readonly lastMs: number;
}

async function ledgerTotals(db: Db): Promise<LedgerTotals> {
  const { rows } = await sql<LedgerTotals>`
    SELECT
      (SELECT coalesce(sum(rows), 0)::int FROM ledger.file WHERE is_used AND revision = 0) AS bars,
      count(*)::int AS streams,
      coalesce(extract(epoch FROM min(open_at)) * 1000, 0)::float8 AS "lastMs"
    FROM ledger.watermark`.execute(db);
  return rows[0]!;
}

async function countFiles(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => extname(name) !== '').length;
}
