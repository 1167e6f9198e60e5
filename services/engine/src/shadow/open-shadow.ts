import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Db } from '@aistock/database';
import {
  ConfigError,
  systemClock,
  type Check,
  type Clock,
  type Logger,
  type Metrics,
  type StopHook,
  WorkLoop,
} from '@aistock/service-kit';
import type { ShadowThresholds } from '@aistock/trading/shadow';
import { WorkerPool } from '../backtests/worker-pool.ts';
import type { EngineConfig } from '../config.ts';
import type { Neighbours } from '../neighbours.ts';
import { shadowCheck } from './shadow-check.ts';
import { shadowHandlers } from './shadow-handlers.ts';
import { shadowMetrics } from './shadow-metrics.ts';
import { ShadowSchedule } from './shadow-schedule.ts';
import { ShadowWorker } from './shadow-worker.ts';

/** Less than a service gives to each thing that it stops. */
const STOP_GRACE_MS = 1_500;

interface Parts {
  readonly config: EngineConfig;
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock | undefined;
}

/** Shadow backtests as the engine serves them: their routes, the schedule, and the loop that works on days. */
export interface Shadow {
  readonly handlers: ReturnType<typeof shadowHandlers>;
  readonly check: Check;
  readonly start: () => void;
  readonly stopHook: StopHook;
  readonly state: () => { readonly shadow_next_ms: number | null };
}

/** @throws ConfigError where a second threshold is below the first. */
export function openShadow({ config, db, neighbours, logger, metrics, clock = systemClock }: Parts): Shadow {
  const stop = new AbortController();
  const pool = new WorkerPool(1);
  const worker = new ShadowWorker({
    db,
    neighbours,
    clock,
    thresholds: thresholdsOf(config),
    pool,
    logger,
    metrics: shadowMetrics(metrics),
    claimer: `engine@${hostname()}:${process.pid}:${randomUUID()}`,
    stopping: stop.signal,
  });
  const loop = new WorkLoop(() => worker.step(), logger, stop.signal);
  const wake = (): void => loop.wake();
  const { SHADOW_CRON: cron, SHADOW_CATCH_UP_DAYS: catchUpDays } = config;
  const nightly = new ShadowSchedule({ db, clock, logger, cron, catchUpDays, wake });
  return {
    handlers: shadowHandlers({ db, clock, wake }),
    check: shadowCheck(db),
    start: () => {
      loop.start();
      nightly.start();
    },
    stopHook: {
      name: 'shadow backtests',
      run: async () => {
        stop.abort();
        const late = new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref());
        await Promise.race([Promise.all([nightly.stop(), loop.ended]), late]);
        await pool.close();
      },
    },
    state: () => ({ shadow_next_ms: nightly.nextMs }),
  };
}

function thresholdsOf(config: EngineConfig): ShadowThresholds {
  const thresholds = {
    alertBps: config.SHADOW_ALERT_BPS,
    reduceBps: config.SHADOW_REDUCE_BPS,
    alertShare: config.SHADOW_ALERT_SHARE,
    reduceShare: config.SHADOW_REDUCE_SHARE,
  };
  const problems = [
    ...(thresholds.alertBps > thresholds.reduceBps
      ? ['SHADOW_REDUCE_BPS: must not be below SHADOW_ALERT_BPS']
      : []),
    ...(thresholds.alertShare > thresholds.reduceShare
      ? ['SHADOW_REDUCE_SHARE: must not be below SHADOW_ALERT_SHARE']
      : []),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return thresholds;
}
