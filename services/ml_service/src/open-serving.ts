import { listen, type Db } from '@aistock/database';
import type { Clock, Handlers, Logger, StopHook } from '@aistock/service-kit';
import type { Client, dataIngesterApi, forecastRoutes, regimeRoutes, registryRoutes } from '@aistock/shared';
import type { Config } from './config.ts';
import { createForecastModels } from './forecast/forecast-models.ts';
import { readForecast } from './forecast/forecast-reader.ts';
import { createModelFilters, type ModelFilters } from './regime/model-filters.ts';
import { readRegime } from './regime/regime-reader.ts';
import { changeHandlers } from './registry/changes/change-handlers.ts';
import { keepDemoting } from './registry/demotion-task.ts';
import { readHandlers } from './registry/read-handlers.ts';
import { RegistryWatch } from './registry/registry-watch.ts';
import { namedModels, readSnapshot, type NamedModel, type RegistrySnapshot } from './registry/snapshot.ts';

/** What ml.tell_registry notifies. */
const CHANNEL = 'ml_registry';

export interface ServingContext {
  readonly db: Db;
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The registry of models, and those of it that answer. */
export interface Serving {
  readonly handlers: Handlers<typeof registryRoutes> &
    Handlers<typeof regimeRoutes> &
    Handlers<typeof forecastRoutes>;
  readonly watch: RegistryWatch;
  readonly filters: ModelFilters;
  start(): void;
  readonly stopHook: StopHook;
}

export function openServing(context: ServingContext): Serving {
  const { db, ingester, config, clock, logger } = context;
  const filters = createModelFilters(db, ingester);
  const forecasts = createForecastModels(db, ingester);
  const watch = new RegistryWatch({
    read: () => readSnapshot(db),
    prepare: (next) =>
      Promise.all([
        prepare(filters, namesFor(next, 'regimes'), logger),
        prepare(forecasts, namesFor(next, 'forecasts'), logger),
      ]).then(() => undefined),
    logger,
    nowMs: () => performance.now(),
  });
  const refresh = () => watch.refresh();
  const stopping = new AbortController();
  let listener: ReturnType<typeof listen> | undefined;
  let demoting: Promise<void> | undefined;
  return {
    handlers: {
      ...readHandlers(db),
      ...changeHandlers({ db, clock, keep: config.REGISTRY_KEEP, refresh }),
      regime: ({ params: { instrument }, query }) => {
        const { timeframe, as_of_ms: asOfMs = clock.nowMs(), strategy, live = false } = query;
        return readRegime({ watch, filters }, { instrument, timeframe, strategy, live, asOfMs });
      },
      forecast: ({ params: { instrument }, query }) => {
        const { kind, timeframe, as_of_ms: asOfMs = clock.nowMs(), strategy, live = false } = query;
        return readForecast({ watch, forecasts }, { kind, instrument, timeframe, strategy, live, asOfMs });
      },
    },
    watch,
    filters,
    start: () => {
      watch.start();
      listener = listenFor(context, watch);
      const everyMs = config.DEMOTION_EVERY_S * 1_000;
      const current = () => watch.current();
      demoting = keepDemoting({ db, clock, logger, everyMs, current, refresh }, stopping.signal);
    },
    stopHook: {
      name: 'registry',
      run: async () => {
        stopping.abort();
        await Promise.all([listener?.close(), watch.stop(), demoting]);
      },
    },
  };
}

function listenFor({ config, logger }: ServingContext, watch: RegistryWatch): ReturnType<typeof listen> {
  return listen({
    url: config.DATABASE_URL,
    password: config.DATABASE_PASSWORD?.reveal(),
    applicationName: 'ml_service_listen',
    channel: CHANNEL,
    onNotice: () => watch.hear(),
    onLost: (error) => logger.warn('changes of the registry are only seen once a second', { error }),
  });
}

interface Named {
  readonly kept: readonly NamedModel[];
  readonly answering: readonly NamedModel[];
}

const namesFor = (next: RegistrySnapshot, tells: 'regimes' | 'forecasts'): Named => ({
  kept: namedModels(next, ['champion', 'challenger', 'live'], tells),
  answering: namedModels(next, ['champion', 'live'], tells),
});

/** What cannot be made ready is told when somebody asks for it; here nobody does. */
async function prepare(
  models: Pick<ModelFilters, 'keepOnly' | 'prepare'>,
  { kept, answering }: Named,
  logger: Logger,
): Promise<void> {
  models.keepOnly(kept);
  try {
    await models.prepare(answering);
  } catch (error) {
    logger.error('a model that is to answer could not be made ready', { error });
  }
}
