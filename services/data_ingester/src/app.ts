import { access, constants, mkdir } from 'node:fs/promises';
import type { Db } from '@aistock/database';
import { CuratedStore, nodeFiles, RawStore, sweepOrphans, type LakeFiles } from '@aistock/lake';
import {
  ConfigError,
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  openServiceDatabase,
  systemClock,
  type Check,
  type Clock,
  type Env,
  type Logger,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi } from '@aistock/shared';
import { ingesterConfig, type Config } from './config.ts';
import { configuredStreams } from './configured-streams.ts';
import { createHandlers } from './handlers.ts';
import { ingestMetrics } from './ingest-metrics.ts';
import { Ingester } from './ingester.ts';
import { scheduleIngest } from './schedule.ts';
import { StreamCatalogue } from './stream-catalogue.ts';
import { knownHashes } from './stream-files.ts';

const NAME = 'data_ingester';
/** Longer than any run takes between writing a file and registering it. */
const ORPHAN_GRACE_MS = 3_600_000;

export interface Overrides {
  readonly clock?: Clock;
  readonly files?: LakeFiles;
}

/** Puts data_ingester together and clears what an interrupted run left in the lake; nothing listens yet. */
export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = ingesterConfig(env);
  const { clock = systemClock, files = nodeFiles } = overrides;
  const streams = await configuredStreams(config, clock);
  await makeLake(config.LAKE_DIR);

  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const db = openServiceDatabase(config);
  const curated = new CuratedStore(config.LAKE_DIR, files);
  const ingester = new Ingester({
    keeper: { db, raw: new RawStore(config.LAKE_DIR, files), curated },
    streams,
    terms: { chunkBars: config.INGEST_CHUNK_BARS, faultyShareMax: config.QC_FAULTY_SHARE_MAX },
    observe: ingestMetrics(metrics),
    logger,
  });
  await sweepLake(db, config.LAKE_DIR, clock, logger);
  return createService({
    name: NAME,
    api: dataIngesterApi,
    config,
    handlers: createHandlers({ db, curated, ingester, catalogue: new StreamCatalogue(db, streams), clock }),
    checks: [databaseCheck(db), lakeCheck(config), sourceCheck(ingester)],
    state: () => ({ streams: streams.map(({ stream }) => stream), troubles: ingester.troubles() ?? null }),
    onStop: [
      ...(config.INGEST_CRON ? [scheduleIngest(config.INGEST_CRON, ingester, logger)] : []),
      { name: 'database', run: () => db.destroy() },
    ],
    logger,
    metrics,
    clock,
  });
}

async function makeLake(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`LAKE_DIR: must be a folder that can be written to (${why})`]);
  }
}

/** Without the database nothing can be told from an orphan, so nothing is removed; the next start does it. */
async function sweepLake(db: Db, folder: string, clock: Clock, logger: Logger): Promise<void> {
  try {
    const known = await knownHashes(db);
    const removed = await sweepOrphans(folder, { known, nowMs: clock.nowMs(), graceMs: ORPHAN_GRACE_MS });
    if (removed.length > 0) logger.warn('orphans removed from the lake', { count: removed.length, removed });
  } catch (error) {
    logger.warn('the lake was not swept', { error });
  }
}

function lakeCheck(config: Config): Check {
  return { name: 'lake', required: true, run: () => access(config.LAKE_DIR, constants.W_OK) };
}

function sourceCheck(ingester: Ingester): Check {
  return { name: 'source', required: false, run: () => Promise.resolve(ingester.troubles()) };
}
