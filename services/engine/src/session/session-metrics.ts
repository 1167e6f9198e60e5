import type { Metrics } from '@aistock/service-kit';

const CLOSE_BUCKETS_S = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5,
  10,
];
const LATENCY_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What is wrong with the live sessions of this process. */
interface LiveFigures {
  readonly staleStreams: readonly string[];
  /** Positions whose stop does not work. */
  readonly unprotected: readonly string[];
  readonly brokenOff: number;
}

export interface SessionMetrics {
  readonly decided: (count: number) => void;
  readonly ordered: (status: string) => void;
  /** From a close's bar until its decisions were written down, in s. */
  readonly latency: (seconds: number) => void;
  /** Work on a close, from its bars to the last order that was sent, in s. */
  readonly closed: (seconds: number) => void;
  readonly journalled: (seconds: number) => void;
  /** Is asked whenever somebody looks. */
  readonly watch: (live: LiveFigures) => void;
  readonly failed: (code: string) => void;
}

export function sessionMetrics(metrics: Metrics): SessionMetrics {
  const decisions = metrics.counter({
    name: 'engine_decisions_total',
    help: 'Decisions of sessions, holds included.',
  });
  const orders = metrics.counter({
    name: 'engine_orders_total',
    help: 'Orders that sessions sent, by how the executor answered.',
    labels: ['status'],
  });
  const latency = metrics.histogram({
    name: 'engine_close_to_decision_seconds',
    help: 'From the close of the bars of a live session until what was decided is written down.',
    buckets: LATENCY_BUCKETS_S,
  });
  const closes = metrics.histogram({
    name: 'engine_close_seconds',
    help: 'Work on one close, live or replayed, from its bars to the last order that was sent.',
    buckets: CLOSE_BUCKETS_S,
  });
  const journal = metrics.histogram({
    name: 'engine_journal_seconds',
    help: 'How long it took to write closes to the journal.',
    buckets: LATENCY_BUCKETS_S,
  });
  const failures = metrics.counter({
    name: 'engine_sessions_failed_total',
    help: 'Sessions that stopped by themselves, by why.',
    labels: ['code'],
  });
  return {
    decided: (count) => decisions.inc(count),
    ordered: (status) => orders.inc({ status }),
    latency: (seconds) => latency.observe(seconds),
    closed: (seconds) => closes.observe(seconds),
    journalled: (seconds) => journal.observe(seconds),
    watch: (live) => {
      metrics.gauge({
        name: 'engine_streams_stale',
        help: 'Streams of live sessions without a bar that should be there.',
        collect: (gauge) => gauge.set(live.staleStreams.length),
      });
      metrics.gauge({
        name: 'engine_positions_unprotected',
        help: 'Positions of live sessions that were entered behind a stop which does not work.',
        collect: (gauge) => gauge.set(live.unprotected.length),
      });
      metrics.gauge({
        name: 'engine_sessions_broken_off',
        help: 'Live sessions that broke off and are tried again; nothing is traded meanwhile.',
        collect: (gauge) => gauge.set(live.brokenOff),
      });
    },
    failed: (code) => failures.inc({ code }),
  };
}
