import type { Db } from '@aistock/database';
import { withDeadline, type Clock, type Logger, type StopHook } from '@aistock/service-kit';
import type { Comparison } from '../stream-spec.ts';
import { compareChunk, problemOf, skippedChunk } from './compare-chunk.ts';
import type { ObserveComparison } from './comparison-metrics.ts';
import { noteComparison, type Compared } from './difference-store.ts';
import type { RegisteredChunk } from './registered-chunk.ts';

/** Bars that may wait to be compared; more of them are skipped, and counted as that. */
const WAITING_BARS_MAX = 200_000;
/** How long one chunk may take before the next has its turn, in ms. */
const COMPARE_MS_MAX = 600_000;

export interface CompareSourcesOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly observe: ObserveComparison;
  readonly logger: Logger;
}

/** Compares registered bars with another source in the background, one chunk after the other. */
export interface CompareSources {
  /** Takes a chunk; of a stream that is to be compared with nothing it takes none. Never waits and never fails. */
  readonly registered: (chunk: RegisteredChunk) => void;
  /** Settles when nothing waits any more. */
  readonly idle: () => Promise<void>;
  /** Notes what still waits as skipped. */
  readonly stopHook: StopHook;
}

export function compareSources(options: CompareSourcesOptions): CompareSources {
  const stopping = new AbortController();
  let waitingBars = 0;
  let last: Promise<void> = Promise.resolve();

  const compare = async (chunk: RegisteredChunk, terms: Comparison): Promise<void> => {
    try {
      stopping.signal.throwIfAborted();
      const work = () => compareChunk(chunk, terms);
      await note(options, await withDeadline(COMPARE_MS_MAX, stopping.signal, work));
    } catch (error) {
      await note(options, skippedChunk(chunk, terms, problemOf(error)));
    } finally {
      waitingBars -= chunk.bars.length;
    }
  };
  return {
    registered: (chunk) => {
      const { bars, stream } = chunk;
      const terms = stream.compare;
      if (!terms) return;
      if (waitingBars > 0 && waitingBars + bars.length > WAITING_BARS_MAX) {
        void note(options, skippedChunk(chunk, terms, 'too many bars wait to be compared'));
        return;
      }
      waitingBars += bars.length;
      last = last.then(() => compare(chunk, terms));
    },
    idle: () => last,
    stopHook: {
      name: 'comparisons',
      run: () => {
        stopping.abort(new Error('the service stops'));
        return last;
      },
    },
  };
}

/** Never fails: a comparison that cannot be noted is in the log and in the metrics. */
async function note(
  { db, clock, observe, logger }: CompareSourcesOptions,
  compared: Compared,
): Promise<void> {
  observe(compared);
  const { stream, against, problem, days } = compared;
  if (problem !== undefined) logger.warn('bars not compared', { stream, against, problem });
  if (days.length > 0) logger.warn('sources differ', { stream, against, days });
  try {
    await noteComparison(db, compared, clock.nowMs());
  } catch (error) {
    logger.error('a comparison was not noted', { stream, against, error });
  }
}
