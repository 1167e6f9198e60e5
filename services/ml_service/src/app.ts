import { openLake, RawStore } from '@aistock/lake';
import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  lakePlace,
  loadConfig,
  openServiceDatabase,
  peerCheck,
  serviceClient,
  systemClock,
  type Clock,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi, mlServiceApi } from '@aistock/shared';
import { configSchema } from './config.ts';
import { createHandlers } from './handlers.ts';
import { createRegimeReader } from './regime/regime-reader.ts';
import { createTrainer } from './training/trainer.ts';
import type { TrainingContext } from './training/train-stream.ts';

const NAME = 'ml_service';

export interface Overrides extends Pick<TrainingContext, 'fit'> {
  readonly clock?: Clock;
}

export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const clock = overrides.clock ?? systemClock;
  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const db = openServiceDatabase(config);
  const ingester = serviceClient(dataIngesterApi, {
    url: config.DATA_INGESTER_URL,
    token: config.AUTH_TOKEN_SERVICE,
  });
  const lake = openLake(lakePlace(config, NAME));
  const rawStore = new RawStore(lake);
  const trainer = createTrainer(
    { db, ingester, lake, rawStore, config, clock, logger, ...(overrides.fit && { fit: overrides.fit }) },
    metrics,
  );
  const service = createService({
    name: NAME,
    api: mlServiceApi,
    config,
    logger,
    metrics,
    clock,
    handlers: createHandlers({
      db,
      clock,
      regimes: createRegimeReader(db, ingester),
      train: trainer.train,
    }),
    checks: [databaseCheck(db), peerCheck('data_ingester', config.DATA_INGESTER_URL)],
    onStop: [
      { name: 'trainings', run: trainer.idle },
      { name: 'database', run: () => db.destroy() },
    ],
  });
  // What a process that died left behind. Without a database the service starts, says so, and does it before the next run.
  await trainer.tidyUp().catch((error: unknown) => logger.warn('could not tidy up', { error }));
  return service;
}
