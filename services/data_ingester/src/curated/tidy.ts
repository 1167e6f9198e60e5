import type { Db } from '@aistock/database';
import { withStreamLock, type Logger, type StopHook } from '@aistock/service-kit';
import { compactStream, crowdedStreams, removeRetired, type Curated } from './compact-stream.ts';

const TIDY_INTERVAL_MS = 60_000;
/** Longer than any read takes between asking which parts there are and having read them. */
const RETIRED_GRACE_MS = 600_000;
/** Files that a run left between writing and registering go within the hour after their grace. */
const RUNS_BETWEEN_SWEEPS = 60;

export interface TidyOptions extends Curated {
  /** A pool of its own for the locks of streams. */
  readonly locks: Db;
  readonly logger: Logger;
  readonly sweep: () => Promise<void>;
}

/** Merges small parts and removes what they were merged from. */
export async function tidy(options: TidyOptions, graceMs = RETIRED_GRACE_MS): Promise<void> {
  const { db, locks, logger } = options;
  for (const stream of await crowdedStreams(db)) {
    try {
      const merged = await withStreamLock(locks, { stream, of: 'bars' }, () =>
        compactStream(options, stream),
      );
      if (merged > 0) logger.info('parts merged', { stream, parts: merged });
    } catch (error) {
      logger.warn('the parts of a stream were not merged', { stream, error });
    }
  }
  await removeRetired(options, graceMs);
}

/** Tidies every minute, one run at a time, and sweeps every hour. Stopping waits for the run that is under way. */
export function startTidying(options: TidyOptions): StopHook {
  let running: Promise<void> | undefined;
  let runs = 0;
  const run = async (): Promise<void> => {
    runs += 1;
    try {
      await tidy(options);
      if (runs % RUNS_BETWEEN_SWEEPS === 0) await options.sweep();
    } catch (error) {
      options.logger.warn('the curated store was not tidied', { error });
    }
  };
  const tick = (): void => {
    running ??= run().finally(() => {
      running = undefined;
    });
  };
  const timer = setInterval(tick, TIDY_INTERVAL_MS);
  timer.unref();
  return {
    name: 'curated store',
    run: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
