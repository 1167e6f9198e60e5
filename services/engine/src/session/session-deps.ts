import type { Db } from '@aistock/database';
import type { Clock, Logger } from '@aistock/service-kit';
import type { Neighbours } from '../neighbours.ts';
import type { SessionMetrics } from './session-metrics.ts';

/** Where a process may die between two steps; a test gives a function that throws there. */
export type FaultPoint =
  'before_journal' | 'after_journal' | 'before_submit' | 'after_submit' | 'after_advance' | 'after_outcome';

/** What sessions need of the world. */
export interface SessionDeps {
  readonly neighbours: Neighbours;
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SessionMetrics;
  /** Unique to the process and its start. */
  readonly processId: string;
  readonly fault: (point: FaultPoint) => void;
  readonly limits: SessionLimits;
}

/** How long a session is waited for, and how long a live one waits. */
export interface SessionLimits {
  /** A claim on a session that is not renewed for so long is nobody's. */
  readonly leaseMs: number;
  /** From when a bar should have closed until its stream is stale. */
  readonly staleAfterMs: number;
  /** How long a close waits for the bars of other streams that should have closed at the same time. */
  readonly graceMs: number;
}
