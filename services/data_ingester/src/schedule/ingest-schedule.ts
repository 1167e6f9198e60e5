import type { Clock, Logger, StopHook } from '@aistock/service-kit';
import { schedule, setLogger, type ScheduledTask } from 'node-cron';
import type { Ingester } from '../ingester.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { groupStreams, type ScheduledGroup } from './group-streams.ts';
import { ingestUntilCurrent } from './ingest-until-current.ts';
import { drainAll, OneAtATime } from './one-at-a-time.ts';

export interface ScheduleOptions {
  readonly ingester: Pick<Ingester, 'next'>;
  readonly streams: readonly ConfiguredStream[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What /status tells of streams that are ingested at the same times. */
export interface ScheduleState {
  readonly cron: string;
  readonly timezone: string;
  readonly streams: readonly string[];
  readonly next_ms: number | null;
  readonly last_started_ms: number | null;
  readonly last_ended_ms: number | null;
  /** Streams of the last run that failed, each with the code. */
  readonly last_problems: readonly string[];
}

export interface IngestSchedule {
  readonly states: () => ScheduleState[];
  readonly stopHook: StopHook;
}

/**
 * Ingests streams at the times that they are configured for, each until its source has no more. Runs of a group never
 * overlap; times that passed while a run was under way, the machine slept or the service was down are made up for by
 * one run.
 */
export function scheduleIngest(options: ScheduleOptions): IngestSchedule {
  useLogger(options.logger);
  const stopping = new AbortController();
  const groups = groupStreams(options.streams).map((group) => startGroup(options, group, stopping.signal));
  return {
    states: () => groups.map(({ state }) => state()),
    stopHook: {
      name: 'schedule',
      run: async () => {
        stopping.abort();
        for (const { task } of groups) await task.destroy();
        await drainAll(groups.map(({ runs }) => runs));
      },
    },
  };
}

interface RunningGroup {
  readonly task: ScheduledTask;
  readonly runs: OneAtATime;
  readonly state: () => ScheduleState;
}

function startGroup(
  { ingester, clock, logger }: ScheduleOptions,
  { expression, timezone, streams }: ScheduledGroup,
  signal: AbortSignal,
): RunningGroup {
  const last = { startedMs: null as number | null, endedMs: null as number | null, problems: [] as string[] };
  const runs = new OneAtATime(async () => {
    if (signal.aborted) return;
    last.startedMs = clock.nowMs();
    const results = await Promise.all(
      streams.map((stream) => ingestUntilCurrent(ingester, stream, { signal, logger })),
    );
    last.problems = results.flatMap(({ stream, problem }) => (problem ? [`${stream} ${problem.code}`] : []));
    last.endedMs = clock.nowMs();
  });
  const task = schedule(expression, () => runs.trigger(), { timezone, name: `ingest ${expression}` });
  task.on('execution:missed', () => runs.trigger());
  runs.trigger(); // What was missed while the service was down.
  return {
    task,
    runs,
    state: () => ({
      cron: expression,
      timezone,
      streams: streams.map(({ stream }) => stream),
      next_ms: task.getNextRun()?.getTime() ?? null,
      last_started_ms: last.startedMs,
      last_ended_ms: last.endedMs,
      last_problems: last.problems,
    }),
  };
}

function useLogger(logger: Logger): void {
  setLogger({
    info: (message) => logger.info('schedule', { detail: message }),
    warn: (message) => logger.warn('schedule', { detail: message }),
    error: (message, error) => logger.error('schedule', { detail: message, error }),
    debug: (message, error) => logger.debug('schedule', { detail: message, error }),
  });
}
