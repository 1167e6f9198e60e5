import type { Db } from '@aistock/database';
import type { RawLogFiles } from '@aistock/lake';
import type { Clock, Logger, StopHook } from '@aistock/service-kit';
import { exportRawLog } from './export-raw-log.ts';

/** The raw log of so long may be in the database alone. */
const EXPORT_INTERVAL_MS = 10_000;

export interface ExporterOptions {
  readonly db: Db;
  readonly files: RawLogFiles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Copies the raw log into the lake now and every ten seconds, one copy at a time. What cannot be copied now is tried
 * again. Stopping copies what is left.
 */
export function startRawLogExporter({ db, files, clock, logger }: ExporterOptions): StopHook {
  let running: Promise<void> | undefined;
  const copy = async (): Promise<void> => {
    try {
      await exportRawLog(db, files, clock);
    } catch (error) {
      logger.warn('the raw log was not copied into the lake', { error });
    }
  };
  const tick = (): void => {
    running ??= copy().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(tick, EXPORT_INTERVAL_MS);
  timer.unref();
  tick();
  return {
    name: 'raw log',
    run: async () => {
      clearInterval(timer);
      await running;
      await copy();
    },
  };
}
