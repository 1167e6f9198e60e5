import type { Clock, Logger, StopHook } from '@aistock/service-kit';
import { schedule } from 'node-cron';
import { recheckWindows, type RecheckWindow } from '../quality/recheck-windows.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { drainAll, OneAtATime } from './one-at-a-time.ts';

export interface RecheckOptions {
  /** Asks the source of a stream again for the bars of a window and registers what differs. */
  readonly recheck: (
    stream: ConfiguredStream,
    window: RecheckWindow,
  ) => Promise<{ readonly restated: number; readonly late: number }>;
  readonly streams: readonly ConfiguredStream[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What /status tells of the streams that are asked for again at the same times. */
interface RecheckState {
  readonly cron: string;
  readonly streams: readonly string[];
  readonly next_ms: number | null;
  readonly last_ended_ms: number | null;
  /** In the last run. */
  readonly last_restated: number;
  readonly last_late: number;
  readonly last_failed_windows: number;
}

/**
 * Asks again for the last days of the streams that are configured so, by cron in UTC: a venue may change a bar long
 * after it closed, and ingesting looks at the newest bars only. A window that fails is told and the others go on.
 */
export function scheduleRechecks(options: RecheckOptions): {
  readonly states: () => RecheckState[];
  readonly stopHook: StopHook;
} {
  const stopping = new AbortController();
  const byCron = Map.groupBy(options.streams, ({ recheck }) => recheck?.cron);
  const groups = [...byCron].flatMap(([cron, streams]) =>
    cron === undefined ? [] : [startGroup(options, { cron, streams }, stopping.signal)],
  );
  return {
    states: () => groups.map(({ state }) => state()),
    stopHook: {
      name: 'rechecks',
      run: async () => {
        stopping.abort();
        for (const { task } of groups) await task.destroy();
        await drainAll(groups.map(({ runs }) => runs));
      },
    },
  };
}

function startGroup(
  options: RecheckOptions,
  { cron, streams }: { readonly cron: string; readonly streams: readonly ConfiguredStream[] },
  signal: AbortSignal,
) {
  const last = { endedMs: null as number | null, restated: 0, late: 0, failed: 0 };
  const runs = new OneAtATime(async () => {
    const counts = { restated: 0, late: 0, failed: 0 };
    for (const stream of streams) await recheckStream(options, { stream, counts, signal });
    Object.assign(last, counts, { endedMs: options.clock.nowMs() });
  });
  const task = schedule(cron, () => runs.trigger(), { timezone: 'UTC', name: `recheck ${cron}` });
  task.on('execution:missed', () => runs.trigger());
  const state = (): RecheckState => ({
    cron,
    streams: streams.map(({ stream }) => stream),
    next_ms: task.getNextRun()?.getTime() ?? null,
    last_ended_ms: last.endedMs,
    last_restated: last.restated,
    last_late: last.late,
    last_failed_windows: last.failed,
  });
  return { task, runs, state };
}

interface StreamRun {
  readonly stream: ConfiguredStream;
  readonly counts: { restated: number; late: number; failed: number };
  readonly signal: AbortSignal;
}

async function recheckStream(
  { recheck, clock, logger }: RecheckOptions,
  { stream, counts, signal }: StreamRun,
): Promise<void> {
  const days = stream.recheck?.days ?? 0;
  for (const window of recheckWindows(clock.nowMs(), days, stream.timeframe)) {
    if (signal.aborted) return;
    try {
      const { restated, late } = await recheck(stream, window);
      counts.restated += restated;
      counts.late += late;
    } catch (error) {
      counts.failed += 1;
      logger.warn('a window could not be asked for again', { stream: stream.stream, ...window, error });
    }
  }
}
