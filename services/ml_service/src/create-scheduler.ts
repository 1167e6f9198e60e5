import { createLogger, loadConfig, serviceClient, type Env, type Logger } from '@aistock/service-kit';
import { mlServiceApi } from '@aistock/shared';
import { schedule, setLogger } from 'node-cron';
import { retrain } from './retrain.ts';
import { schedulerSchema } from './scheduler-config.ts';

/** What starts and stops like a service, but only ever calls one. */
export interface Scheduler {
  readonly logger: Logger;
  listen(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws ConfigError where RETRAIN_CRON is no cron expression, or another variable is wrong. */
export async function createScheduler(env: Env): Promise<Scheduler> {
  const config = loadConfig(schedulerSchema, env);
  const logger = createLogger({ service: 'ml_scheduler', level: config.LOG_LEVEL });
  const ml = serviceClient(mlServiceApi, { url: config.ML_SERVICE_URL, token: config.AUTH_TOKEN_SERVICE });
  // node-cron would write to the console itself.
  setLogger({
    info: (message) => logger.debug(message),
    warn: (message) => logger.warn(message),
    error: (message, error) => logger.error(String(message), { error }),
    debug: (message) => logger.debug(String(message)),
  });
  let task: ReturnType<typeof schedule> | undefined;
  return {
    logger,
    async listen() {
      task = schedule(config.RETRAIN_CRON, () => retrain(ml, logger), {
        name: 'retrain',
        noOverlap: true,
        timezone: 'UTC',
      });
      logger.info('scheduled', { cron: config.RETRAIN_CRON, next: task.getNextRun()?.toISOString() ?? null });
    },
    async stop() {
      // A training that runs goes on in ml_service, which does not need us to end it.
      await task?.destroy();
      logger.info('stopped');
    },
  };
}
