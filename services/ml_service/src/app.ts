import { openLake } from '@aistock/lake';
import { REPORT_STYLE } from '@aistock/report';
import {
  createLogger,
  createMetrics,
  createService,
  databaseCheck,
  lakePlace,
  loadConfig,
  loadSigningKey,
  openServiceDatabase,
  peerCheck,
  serviceClient,
  systemClock,
  type Clock,
  type Env,
  type Service,
} from '@aistock/service-kit';
import { dataIngesterApi, mlServiceApi } from '@aistock/shared';
import { loadStrategies } from '@aistock/strategy-schemas';
import { configSchema } from './config.ts';
import { openFeatures } from './features/open-features.ts';
import { openServing } from './open-serving.ts';
import { reportHandlers } from './report/report-handlers.ts';
import { openShadow } from './shadow/open-shadow.ts';
import { trainerVersion } from './training/code-version.ts';
import { openTraining } from './training/open-training.ts';
import type { TrainingContext } from './training/training-context.ts';

const NAME = 'ml_service';

export interface Overrides extends Pick<TrainingContext, 'train'> {
  readonly clock?: Clock;
}

export async function createApp(env: Env, overrides: Overrides = {}): Promise<Service> {
  const config = loadConfig(configSchema, env);
  const strategies = await loadStrategies(config.STRATEGY_SCHEMAS_DIR);
  const signer = {
    name: config.REPORT_ORIGIN,
    key: await loadSigningKey(config.REPORT_KEY_FILE, 'REPORT_KEY_FILE'),
  };
  const clock = overrides.clock ?? systemClock;
  const logger = createLogger({ service: NAME, level: config.LOG_LEVEL });
  const metrics = createMetrics(NAME);
  const db = openServiceDatabase(config);
  const ingester = serviceClient(dataIngesterApi, {
    url: config.DATA_INGESTER_URL,
    token: config.AUTH_TOKEN_SERVICE,
  });
  const place = lakePlace(config, NAME);
  const places = {
    lake: place,
    ingester: { url: config.DATA_INGESTER_URL, token: config.AUTH_TOKEN_SERVICE?.reveal() },
  };
  const lake = openLake(place);
  const features = openFeatures({ db, lake, ingester: places.ingester, clock, logger });
  const { train } = overrides;
  const training = openTraining(
    {
      db,
      ingester,
      lake,
      places,
      config,
      clock,
      logger,
      strategies,
      codeVersion: await trainerVersion(),
      signer,
      ...(train && { train }),
    },
    metrics,
    // Where each bar is read once, only who asks for features has bars read again.
    config.EXACTLY_ONCE ? () => undefined : features.keepUp,
  );
  const serving = openServing({ db, ingester, config, clock, logger });
  const shadow = openShadow(
    {
      ...{ db, ingester, clock, logger, strategies, keep: config.REGISTRY_KEEP },
      everyMs: config.SHADOW_EVERY_S * 1_000,
      current: () => serving.watch.current(),
      refresh: () => serving.watch.refresh(),
    },
    metrics,
  );
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
