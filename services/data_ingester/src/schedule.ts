import type { Logger, StopHook } from '@aistock/service-kit';
import { schedule, setLogger } from 'node-cron';
import type { Ingester } from './ingester.ts';

/** Ingests on a cron schedule in UTC, never two runs at a time. Stopping waits for the run that is under way. */
export function scheduleIngest(cron: string, ingester: Pick<Ingester, 'run'>, logger: Logger): StopHook {
  setLogger({
    info: (message) => logger.info('schedule', { detail: message }),
    warn: (message) => logger.warn('schedule', { detail: message }),
    error: (message, error) => logger.error('schedule', { detail: message, error }),
    debug: (message, error) => logger.debug('schedule', { detail: message, error }),
  });
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    try {
      await ingester.run({ signal: stopping.signal });
    } catch (error) {
      logger.error('scheduled ingest failed', { error });
    }
  };
  const task = schedule(cron, () => (running = run()), { timezone: 'UTC', noOverlap: true, name: 'ingest' });
  return {
    name: 'schedule',
    run: async () => {
      stopping.abort();
      await task.destroy();
      await running;
    },
  };
}
