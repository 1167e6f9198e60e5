import { randomUUID } from 'node:crypto';
import type { Db } from '@aistock/database';
import { systemClock, type Check, type Clock, type Logger, type Metrics } from '@aistock/service-kit';
import type { EngineConfig } from '../config.ts';
import type { Neighbours } from '../neighbours.ts';
import { LiveSessions } from './live-sessions.ts';
import type { SessionDeps } from './session-deps.ts';
import { sessionHandlers } from './session-handlers.ts';
import { sessionMetrics } from './session-metrics.ts';

/** What a test puts in the place of the world. */
export interface SessionOverrides {
  readonly clock?: Clock;
  readonly fault?: SessionDeps['fault'];
}

interface Parts {
  readonly config: EngineConfig;
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Everything of sessions that the service is put together from. Live ones are taken up once `start` is called. */
export function openSessions(
  { config, db, neighbours, logger, metrics }: Parts,
  overrides: SessionOverrides,
) {
  const observed = sessionMetrics(metrics);
  const deps: SessionDeps = {
    db,
    neighbours,
    logger,
    metrics: observed,
    clock: overrides.clock ?? systemClock,
    processId: `engine:${process.pid}:${randomUUID()}`,
    fault: overrides.fault ?? (() => undefined),
    limits: {
      leaseMs: config.SESSION_LEASE_S * 1_000,
      staleAfterMs: config.STALE_AFTER_S * 1_000,
      graceMs: config.BAR_GRACE_MS,
    },
  };
  const live = new LiveSessions(deps);
  observed.watch(live);
  const check: Check = {
    name: 'live sessions',
    required: false,
    run: () => Promise.resolve(live.troubles()),
  };
  return {
    handlers: sessionHandlers(deps, live),
    check,
    start: () => live.start(),
    stopHook: live.stopHook,
    state: () => ({ live_sessions: live.sessionIds, stale_streams: live.staleStreams }),
  };
}
