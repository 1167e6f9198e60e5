import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import type { Point, PointResult } from '../job/run-job.ts';
import { countItems, offerItems, readResults } from '../store/sweep-items.ts';

const LOOK_EVERY_MS = 250;

export interface Everywhere {
  readonly db: Db;
  readonly runId: string;
  /** The number of the first item: a study asks more than once. */
  readonly first: number;
  readonly signal: AbortSignal;
  /** Says to this process that there are items. */
  readonly offered: () => void;
  readonly told: (share: number) => void;
}

/**
 * Puts points up in Postgres for every replica, this one among them, and waits until all are done. Whoever takes the run over
 * finds what was done already.
 * @throws ServiceError `point_failed` where one cannot be run.
 */
export async function evaluateEverywhere(
  points: readonly Point[],
  { db, runId, first, signal, offered, told }: Everywhere,
): Promise<PointResult[]> {
  const range = { from: first, to: first + points.length };
  await offerItems(db, runId, first, points);
  offered();
  for (;;) {
    signal.throwIfAborted();
    const { done, problem } = await countItems(db, runId, range);
    if (problem !== null) throw new ServiceError('point_failed', 500, problem);
    told(done / points.length);
    if (done === points.length) return readResults(db, runId, range);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
