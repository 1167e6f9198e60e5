import { randomUUID } from 'node:crypto';
import type { Db } from '@aistock/database';
import { openLake, PartStore, RawLogFiles, RawStore, ResponseStore, type LakeFiles } from '@aistock/lake';
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
  type Metrics,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi } from '@aistock/shared';
import { postgresPacer, readBudgets } from '@aistock/venue-budget';
import { compareSources } from './comparison/compare-sources.ts';
import type { RegisteredChunk } from './comparison/registered-chunk.ts';
import { BackfillWorker } from './backfill/backfill-worker.ts';
import { calendarMetrics } from './calendar/calendar-metrics.ts';
import { calendarWatch, startCalendarWatch, watched } from './calendar/calendar-watch.ts';
import { comparisonMetrics } from './comparison/comparison-metrics.ts';
import { ingesterConfig } from './config.ts';
import { configuredStreams, type World } from './configured-streams.ts';
import { adoption, type Adoption } from './curated/adoption.ts';
import { barReader } from './curated/bar-reader.ts';
import { startTidying } from './curated/tidy.ts';
import { createHandlers } from './handlers.ts';
import { ingestMetrics } from './ingest-metrics.ts';
import { Ingester, STREAMS_AT_A_TIME } from './ingester.ts';
import { OriginLog } from './raw-log/origin-log.ts';
import { startRawLogExporter } from './raw-log/raw-log-exporter.ts';
import { PAGE_STYLE } from './quality/page/page-style.ts';
import { qualityMetrics } from './quality/quality-metrics.ts';
import { recheckStream } from './quality/recheck-range.ts';
import { scheduleIngest } from './schedule/ingest-schedule.ts';
import { scheduleRechecks } from './schedule/recheck-schedule.ts';
import { budgetReader, toBudgetState } from './sources/budget-states.ts';
import { retryWorld } from './sources/retry-world.ts';
import { toSourceState } from './sources/source-state.ts';
import { venueMetrics } from './sources/venue-metrics.ts';
import { StreamCatalogue } from './stream-catalogue.ts';
import { sweepLake } from './sweep-lake.ts';
import { startUniverses } from './universe/universes.ts';
import { waitingReaders } from './waiting-readers.ts';

const NAME = 'data_ingester';
/** Streams that are rechecked, repaired or tidied while as many as may are ingested: each holds a lock too. */
const LOCKS_BESIDES = 4;

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
  const locks = openServiceDatabase({ ...config, DATABASE_POOL_MAX: STREAMS_AT_A_TIME + LOCKS_BESIDES });
  const { sources, budgets, ...configured } = await configuredStreams(config, sourceWorld(db, clock, logger));
  const calendar = calendarWatch({ sources: sources.map(({ source }) => source), clock, logger });
  const streams = configured.streams.map((stream) => watched(stream, calendar));
  await prepareLake(lake);

  const curated = new PartStore(lake);
  const adopted = adoption({ db, curated }, logger);
  const reader = barReader(db, lake, adopted);
  const origins = new OriginLog(new ResponseStore(lake), clock);
  const budgetStates = budgetReader(() => readBudgets(db, budgets), logger);
  venueMetrics(metrics, sources, budgetStates);
  calendarMetrics(metrics, calendar);
  qualityMetrics(metrics, { db, streams: streams.map(({ stream }) => stream), logger });
  const { comparisons, waiting, onRegistered } = toldOfBars({ db, clock, logger, metrics });
  const keeper = { db, lake, locks, raw: new RawStore(lake), curated, reader, origins, clock, onRegistered };
  const catalogue = new StreamCatalogue(db, streams);
  const ingester = new Ingester({ keeper, catalogue, observe: ingestMetrics(metrics), logger });
  await warnUnlessReady(adopted, logger);
  const sweep = () => sweepLake({ db, lake, clock, logger });
  await sweep();
  const backfill = new BackfillWorker({ db, ingester, streams, logger, id: randomUUID() });
  backfill.start();
  const universes = startUniverses({ db, reader, clock, logger }, configured, streams);
  const schedule = scheduleIngest({ ingester, streams, clock, logger });
  const rechecks = scheduleRechecks({
    recheck: (stream, window) => recheckStream(keeper, stream, window),
    streams,
    clock,
    logger,
  });
  return createService({
    name: NAME,
    api: dataIngesterApi,
    config,
    handlers: createHandlers({ keeper, ingester, catalogue, backfill, adopted, universes, waiting }),
    pageStyles: [PAGE_STYLE],
    checks: [databaseCheck(db), lakeCheck(lake), sourceCheck(ingester)],
    state: async () => ({
      streams: streams.map(({ stream }) => stream),
      sources: sources.map(toSourceState),
      budgets: (await budgetStates())?.map(toBudgetState) ?? null,
      calendar: calendar.state(),
      schedules: schedule.states(),
      rechecks: rechecks.states(),
      troubles: ingester.troubles() ?? null,
    }),
    onStop: [
      schedule.stopHook,
      rechecks.stopHook,
      universes.stopHook,
      backfill.stopHook(),
      comparisons.stopHook,
      waiting.stopHook,
      startCalendarWatch(calendar),
      startTidying({ ...keeper, logger, sweep }),
      startRawLogExporter({ db, files: new RawLogFiles(lake), clock, logger }),
      { name: 'database', run: async () => void (await Promise.all([db.destroy(), locks.destroy()])) },
    ],
    logger,
    metrics,
    clock,
  });
}

/** Those who are told of each chunk that was registered. */
function toldOfBars(parts: { db: Db; clock: Clock; logger: Logger; metrics: Metrics }) {
  const comparisons = compareSources({ ...parts, observe: comparisonMetrics(parts.metrics) });
  const waiting = waitingReaders(parts.db, parts.logger);
  const onRegistered = (chunk: RegisteredChunk): void => {
    comparisons.registered(chunk);
    waiting.registered(chunk.stream.stream);
  };
  return { comparisons, waiting, onRegistered };
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

/** Without the database the service starts and says so; a reader looks again before it gives anything. */
async function warnUnlessReady(adopted: Adoption, logger: Logger): Promise<void> {
  await adopted
    .lostBars()
    .catch((error: unknown) => logger.warn('the curated store is not ready', { error }));
}

async function prepareLake(lake: LakeFiles): Promise<void> {
  try {
    await lake.prepare();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([`LAKE_DIR: the lake at ${lake.place} must be there and be writable (${why})`]);
  }
}

function lakeCheck(lake: LakeFiles): Check {
  return { name: 'lake', required: true, run: () => lake.check() };
}

function sourceCheck(ingester: Ingester): Check {
  return { name: 'source', required: false, run: () => Promise.resolve(ingester.troubles()) };
}
