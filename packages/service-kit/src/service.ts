import type { Api, ServiceName } from '@aistock/shared';
import { SERVICE_PORTS } from '@aistock/shared';
import type { Express } from 'express';
import { createAuthorise } from './auth.ts';
import { systemClock, type Clock } from './clock.ts';
import type { BaseConfig } from './env.ts';
import type { Handlers } from './handlers.ts';
import { createHealth, type Check } from './health.ts';
import { apiEndpoints, createHttpApp } from './http-app.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { operationEndpoints } from './operations.ts';
import { createRateLimit } from './rate-limit.ts';
import { createBoundedServer } from './server.ts';
import { ServiceError } from './service-error.ts';

const OPEN_REQUESTS_GRACE_MS = 3_000;
const STOP_HOOK_TIMEOUT_MS = 2_000;

/** Something to end when the service stops, such as a loop or a pool. */
export interface StopHook {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface ServiceOptions<A extends Api> {
  readonly name: ServiceName;
  readonly api: A;
  readonly config: BaseConfig;
  readonly handlers: Handlers<A>;
  readonly checks?: readonly Check[];
  /** What /status tells about the work of the service. */
  readonly state?: () => Promise<Record<string, unknown>> | Record<string, unknown>;
  /** The inline styles of its pages, as they stand between the tags; a page with another one is shown without it. */
  readonly pageStyles?: readonly string[];
  /** Run in this order once no request is open, each for at most 2 s. */
  readonly onStop?: readonly StopHook[];
  /** Made by `createLogger` and `createMetrics` where the service needs them before it is built. */
  readonly logger?: Logger;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
}

/** A service that can be started and stopped once. */
export interface Service {
  readonly name: ServiceName;
  readonly app: Express;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where it listens, such as `http://127.0.0.1:8004`. Throws before `listen`. */
  readonly url: string;
  /** Takes the port. Rejects with a ListenError where it cannot. */
  listen(): Promise<void>;
  /** Ends open requests, then runs the stop hooks, all within bounds. Safe to call twice. */
  stop(): Promise<void>;
}

/** Puts a service together from its routes and handlers; nothing listens yet. */
export function createService<A extends Api>(options: ServiceOptions<A>): Service {
  const { name, api, config, handlers, checks = [], state = () => ({}), onStop = [] } = options;
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  const metrics = options.metrics ?? createMetrics(name);
  const stopping = new AbortController();
  let url: string | undefined;
  let stopped: Promise<void> | undefined;
  const takesWork = () => url !== undefined && stopped === undefined;

  const health = createHealth(checks, clock);
  const operations = operationEndpoints({ name, api, config, metrics, clock, health, takesWork, state });
  const app = createHttpApp({
    endpoints: [...operations, ...apiEndpoints(api, handlers)],
    logger,
    metrics,
    authorise: createAuthorise(config),
    limitRate: createRateLimit(config.RATE_LIMIT_PER_S, clock),
    stopping: stopping.signal,
    ...(options.pageStyles && { pageStyles: options.pageStyles }),
  });
  const server = createBoundedServer(app);

  const stop = async (): Promise<void> => {
    logger.info('stopping');
    const reason = new ServiceError('stopping', 503, 'the service stops; try again when it is back');
    await server.close(OPEN_REQUESTS_GRACE_MS, () => stopping.abort(reason));
    for (const hook of onStop) await runStopHook(hook, logger);
    logger.info('stopped');
  };
  return {
    name,
    app,
    logger,
    metrics,
    get url() {
      if (url === undefined) throw new Error(`${name} does not listen yet`);
      return url;
    },
    async listen() {
      url = await server.listen(config.HOST, config.PORT ?? SERVICE_PORTS[name]);
      logger.info('listening', { url });
    },
    stop: () => (stopped ??= stop()),
  };
}

async function runStopHook({ name, run }: StopHook, logger: Logger): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`not done within ${STOP_HOOK_TIMEOUT_MS} ms`)),
    STOP_HOOK_TIMEOUT_MS,
  );
  try {
    await Promise.race([run(), late]);
  } catch (error) {
    logger.error('a stop hook failed', { hook: name, error });
  } finally {
    clearTimeout(timer);
  }
}
