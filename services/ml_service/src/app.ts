import { REPORT_STYLE } from '@aistock/report';
import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  loadConfig,
  openServiceDatabase,
  peerCheck,
  systemClock,
  type Clock,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { mlServiceApi } from '@aistock/shared';
import { configSchema } from './config.ts';
import { openParts } from './open-parts.ts';
import { reportHandlers } from './report/report-handlers.ts';
import type { TrainingContext } from './training/training-context.ts';

const NAME = 'ml_service';

export interface Overrides extends Pick<TrainingContext, 'train'> {
  readonly clock?: Clock;
}

export async function createApp(env: Env, { clock = systemClock, train }: Overrides = {}): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const db = openServiceDatabase(config);
  const parts = await openParts({ name: NAME, config, db, clock, logger, metrics, train });
  const { features, training, serving, shadow } = parts;
  const service = createService({
    name: NAME,
    api: mlServiceApi,
    config,
    logger,
    metrics,
    clock,
    handlers: {
      ...training.handlers,
      ...serving.handlers,
      ...shadow.handlers,
      ...features.handlers,
      ...reportHandlers(db),
      train: async (request, requestContext) => {
        const runs = await training.handlers.train(request, requestContext);
        // What was promoted while it was waited for answers from now on.
        if (request.query.wait) await serving.watch.refresh();
        return runs;
      },
    },
    pageStyles: [REPORT_STYLE],
    checks: [databaseCheck(db), peerCheck('data_ingester', config.DATA_INGESTER_URL)],
    onStop: [
      training.stopHook,
      features.stopHook,
      shadow.stopHook,
      serving.stopHook,
      { name: 'database', run: () => db.destroy() },
    ],
  });
  serving.start();
  shadow.start();
  training.start();
  return service;
}
