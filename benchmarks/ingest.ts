import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startPostgres } from '@aistock/database/embedded';
import { generatedSeries } from '@aistock/venue_sim';
import { openDuckSide, type DuckSide } from './ingest/duck-side.ts';
import { openIngesterSide } from './ingest/ingester-side.ts';
import { openLakeSide, type LakeSide } from './ingest/lake-side.ts';
import { stepCosts } from './ingest/steps.ts';
import { medianRounds } from './rounds.ts';
import type { BenchmarkRow, Report } from './row.ts';

const DUCK_COPY = 'DuckDB, CSV to Parquet with float64';
const DUCK_READ = 'DuckDB, columns of JavaScript values';
const ROUNDS = 5;
const REGISTERED_BARS = 10_000;
const REGISTERED_CHUNK_BARS = 1_000;
const LAKE_BARS = 1_000_000;
const LAKE_CHUNK_BARS = 20_000;
/** Of the raw files, in each round. */
const CURATED_FILES = 10;

/** The way of bars through the lake beside what DuckDB does with the same bars on its own, one thread each. */
export async function run(say: Report): Promise<BenchmarkRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'aistock-bench-ingest-'));
  const duck = await openDuckSide();
  try {
    say(`writing ${LAKE_BARS} bars into a lake`);
    const lake = await openLakeSide(folder, { bars: LAKE_BARS, chunkBars: LAKE_CHUNK_BARS });
    return [
      ...(await registered({ folder, lake, duck, say })),
      await curated({ folder, lake, duck, say }),
      await read({ folder, lake, duck, say }),
    ];
  } finally {
    duck.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Sides {
  readonly folder: string;
  readonly lake: LakeSide;
  readonly duck: DuckSide;
  readonly say: Report;
}

async function registered({ folder, lake, duck, say }: Sides): Promise<BenchmarkRow[]> {
  const port = await freePort();
  const dataDir = join(folder, 'postgres');
  const server = await startPostgres({ dataDir, port, password: 'bench-password', database: 'bench' });
  const terms = { bars: REGISTERED_BARS, chunkBars: REGISTERED_CHUNK_BARS, streams: ROUNDS };
  const side = await openIngesterSide({ folder, databaseUrl: server.url, ...terms });
  try {
    say(`${REGISTERED_BARS} bars a round, from the venue's answers to registered files`);
    const medians = await medianRounds(
      {
        ours: async () => perSecond(side.ingestNext),
        peer: async () => perSecond(() => copied(duck, lake, { folder, files: CURATED_FILES })),
      },
      { measure: ['perSecond'], say, rounds: ROUNDS },
    );
    const speeds = { ours: medians.ours.perSecond, peer: medians.peer.perSecond };
    return [
      compared('from the answer of a venue to a registered file', speeds),
      ...(await shares(folder, speeds.ours)),
    ];
  } finally {
    await side.close();
    await server.stop();
  }
}

/** What part of the time the steps take that cannot be done without. */
async function shares(folder: string, barsPerSecond: number): Promise<BenchmarkRow[]> {
  const series = generatedSeries({ seed: 3, timeframe: '1m', startMs: 0, bars: REGISTERED_CHUNK_BARS });
  const chunk = Array.from({ length: REGISTERED_CHUNK_BARS }, (_, index) => series.barAt(index));
  const wholeMs = (REGISTERED_CHUNK_BARS / barsPerSecond) * 1_000;
  return Object.entries(await stepCosts(chunk, folder)).map(([step, ms]) => ({
    name: `of that, ${step}`,
    ours: ms,
    peer: wholeMs,
    peer_name: 'the whole way',
    ratio: ms / wholeMs,
    unit: `ms a ${REGISTERED_CHUNK_BARS} bars`,
    better: 'lower',
  }));
}

async function curated({ folder, lake, duck, say }: Sides): Promise<BenchmarkRow> {
  say(`${CURATED_FILES * LAKE_CHUNK_BARS} bars a round, from raw to curated`);
  const medians = await medianRounds(
    {
      ours: async () =>
        perSecond(async () => (await lake.curate(CURATED_FILES)).reduce((sum, { rows }) => sum + rows, 0)),
      peer: async () => perSecond(() => copied(duck, lake, { folder, files: CURATED_FILES })),
    },
    { measure: ['perSecond'], say, rounds: ROUNDS },
  );
  return compared('from raw to curated', { ours: medians.ours.perSecond, peer: medians.peer.perSecond });
}

async function read({ folder, lake, duck, say }: Sides): Promise<BenchmarkRow> {
  say(`${LAKE_BARS} bars a round, into typed arrays`);
  const parts = await lake.merge(await lake.curate(LAKE_BARS / LAKE_CHUNK_BARS));
  const copy = join(folder, 'whole.parquet');
  await duck.copy(lake.rawPaths, copy);
  const medians = await medianRounds(
    { ours: () => milliseconds(() => lake.read(parts)), peer: () => milliseconds(() => duck.read(copy)) },
    { measure: ['ms'], say, rounds: ROUNDS },
  );
  return {
    name: 'a million bars into typed arrays, exact decimals to float64',
    ours: medians.ours.ms,
    peer: medians.peer.ms,
    peer_name: DUCK_READ,
    ratio: medians.ours.ms / medians.peer.ms,
    unit: 'ms',
    better: 'lower',
  };
}

async function copied(
  duck: DuckSide,
  lake: LakeSide,
  { folder, files }: { readonly folder: string; readonly files: number },
): Promise<number> {
  await duck.copy(lake.rawPaths.slice(0, files), join(folder, 'copy.parquet'));
  return files * LAKE_CHUNK_BARS;
}

function compared(
  name: string,
  { ours, peer }: { readonly ours: number; readonly peer: number },
): BenchmarkRow {
  return { name, ours, peer, peer_name: DUCK_COPY, ratio: ours / peer, unit: 'bars/s', better: 'higher' };
}

async function perSecond(work: () => Promise<number>): Promise<{ perSecond: number }> {
  const startedMs = performance.now();
  const bars = await work();
  return { perSecond: (bars / (performance.now() - startedMs)) * 1_000 };
}

async function milliseconds(work: () => Promise<number>): Promise<{ ms: number }> {
  const startedMs = performance.now();
  const rows = await work();
  if (rows !== LAKE_BARS) throw new Error(`${rows} of ${LAKE_BARS} bars were read`);
  return { ms: performance.now() - startedMs };
}
