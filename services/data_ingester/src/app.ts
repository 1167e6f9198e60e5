import { randomUUID } from 'node:crypto';
import type { Db } from '@aistock/database';
import {
  CuratedStore,
  openLake,
  RawLogFiles,
  RawStore,
  ResponseStore,
  sweepOrphans,
  type LakeFiles,
} from '@aistock/lake';
import { listResponseHashes } from '@aistock/ledger';
import {
  ConfigError,
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  lakePlace,
  openServiceDatabase,
  systemClock,
  type Check,
  type Clock,
  type Env,
  type Logger,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi } from '@aistock/shared';
import { postgresPacer, readBudgets } from '@aistock/venue-budget';
import { compareSources } from './comparison/compare-sources.ts';
import { BackfillWorker } from './backfill/backfill-worker.ts';
import { comparisonMetrics } from './comparison/comparison-metrics.ts';
import { ingesterConfig } from './config.ts';
import { configuredStreams, type World } from './configured-streams.ts';
import { createHandlers } from './handlers.ts';
import { ingestMetrics } from './ingest-metrics.ts';
import { Ingester, STREAMS_AT_A_TIME } from './ingester.ts';
import { OriginLog } from './raw-log/origin-log.ts';
import { startRawLogExporter } from './raw-log/raw-log-exporter.ts';
import { PAGE_STYLE } from './quality/page/page-style.ts';
import { scheduleIngest } from './schedule.ts';
import { budgetReader, toBudgetState } from './sources/budget-states.ts';
import { retryWorld } from './sources/retry-world.ts';
import { toSourceState } from './sources/source-state.ts';
import { venueMetrics } from './sources/venue-metrics.ts';
import { StreamCatalogue } from './stream-catalogue.ts';
import { knownHashes } from './stream-files.ts';

const NAME = 'data_ingester';
/** Longer than any run takes between writing a file and registering it. */
const ORPHAN_GRACE_MS = 3_600_000;

export interface Overrides {
  readonly clock?: Clock;
  readonly lake?: LakeFiles;
}

/** Puts data_ingester together and clears what an interrupted run left in the lake; nothing listens yet. */
export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = ingesterConfig(env);
  const { clock = systemClock, lake = openLake(lakePlace(config, NAME)) } = overrides;
  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const db = openServiceDatabase(config);
  const locks = openServiceDatabase({ ...config, DATABASE_POOL_MAX: STREAMS_AT_A_TIME });
  const { streams, sources, budgets } = await configuredStreams(config, sourceWorld(db, clock, logger));
  await prepareLake(lake);

  const curated = new CuratedStore(lake);
  const origins = new OriginLog(new ResponseStore(lake), clock);
  const comparisons = compareSources({ db, clock, observe: comparisonMetrics(metrics), logger });
  const budgetStates = budgetReader(() => readBudgets(db, budgets), logger);
  venueMetrics(metrics, sources, budgetStates);
  const raw = new RawStore(lake);
  const keeper = { db, locks, raw, curated, origins, clock, onRegistered: comparisons.registered };
  const catalogue = new StreamCatalogue(db, streams);
  const ingester = new Ingester({ keeper, catalogue, observe: ingestMetrics(metrics), logger });
  await sweepLake(db, lake, clock, logger);
  const backfill = new BackfillWorker({ db, ingester, streams, logger, id: randomUUID() });
  backfill.start();
  return createService({
    name: NAME,
    api: dataIngesterApi,
    config,
    handlers: createHandlers({ keeper, ingester, catalogue, backfill }),
    pageStyles: [PAGE_STYLE],
    checks: [databaseCheck(db), lakeCheck(lake), sourceCheck(ingester)],
    state: async () => ({
      streams: streams.map(({ stream }) => stream),
      sources: sources.map(toSourceState),
      budgets: (await budgetStates())?.map(toBudgetState) ?? null,
      troubles: ingester.troubles() ?? null,
    }),
    onStop: [
      ...(config.INGEST_CRON ? [scheduleIngest(config.INGEST_CRON, ingester, logger)] : []),
      backfill.stopHook(),
      comparisons.stopHook,
      startRawLogExporter({ db, files: new RawLogFiles(lake), clock, logger }),
      { name: 'database', run: async () => void (await Promise.all([db.destroy(), locks.destroy()])) },
    ],
    logger,
    metrics,
    clock,
  });
}

/** What sources need of the world: clocks, chance, and the budgets that all services share. */
function sourceWorld(db: Db, clock: Clock, logger: Logger): World {
  return {
    clock,
    newRequestId: randomUUID,
    retryWorld,
    pacerOf: (budgets) =>
      postgresPacer(db, {
        budgets,
        onTrouble: (error) => logger.warn('a budget could not be written down', { error }),
      }),
  };
}

async function prepareLake(lake: LakeFiles): Promise<void> {
  try {
    await lake.prepare();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`LAKE_DIR: the lake at ${lake.place} must be there and be writable (${why})`]);
  }
}

/** Without the database nothing can be told from an orphan, so nothing is removed; the next start does it. */
async function sweepLake(db: Db, lake: LakeFiles, clock: Clock, logger: Logger): Promise<void> {
  try {
    const known = await knownHashes(db);
    const responses = await listResponseHashes(db);
    const removed = await sweepOrphans(lake, {
      known,
      responses,
      nowMs: clock.nowMs(),
      graceMs: ORPHAN_GRACE_MS,
    });
    if (removed.length > 0) logger.warn('orphans removed from the lake', { count: removed.length, removed });
  } catch (error) {
    logger.warn('the lake was not swept', { error });
  }
}

function lakeCheck(lake: LakeFiles): Check {
  return { name: 'lake', required: true, run: () => lake.check() };
}

function sourceCheck(ingester: Ingester): Check {
  return { name: 'source', required: false, run: () => Promise.resolve(ingester.troubles()) };
}
