import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import type { Replica } from './replica.ts';
import type { RunningRun } from './trained-line.ts';

/** A process that is stopped while it holds rows in the database keeps others from its run. */
const FREEZE_MS_MAX = 40_000;
const SAY_MS_MAX = 20_000;
const LOOK_EVERY_MS = 25;

/** A run under way, and the replica that works on it. */
export interface Hit {
  readonly run: RunningRun;
  readonly replica: Replica;
}

/** A stretch of time, Unix ms. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface TakenOver {
  /** Whether the process that was stopped said in time that it gave the run up. */
  readonly gaveUp: boolean;
  /** When it went on without knowing that its run was another's. */
  readonly unaware: Span;
}

/**
 * Stops a process until another one has ended its run, and lets it go on as if nothing had happened. Undefined where the run
 * was not taken over: it had just ended, or nobody could have it.
 */
export async function freezeUntilTakenOver(db: Db, { run, replica }: Hit): Promise<TakenOver | undefined> {
  replica.freeze();
  let fromMs = 0;
  try {
    await until(async () => (await stateOf(db, run)).isOver, FREEZE_MS_MAX);
  } finally {
    fromMs = Date.now();
    replica.thaw();
  }
  const { isOver, epoch } = await stateOf(db, run);
  if (!isOver || epoch === run.claim_epoch) return undefined;
  const gaveUp = await until(() => replica.gaveUp(run.run_id), SAY_MS_MAX);
  return { gaveUp, unaware: { fromMs, toMs: Date.now() } };
}

async function stateOf(db: Db, { run_id: runId }: RunningRun) {
  const { claim_epoch: epoch, finished_at: finishedAt } = await db
    .selectFrom('ml.run')
    .select(['claim_epoch', 'finished_at'])
    .where('run_id', '=', runId)
    .executeTakeFirstOrThrow();
  return { isOver: finishedAt !== null, epoch };
}

/** Whether it came true in time. */
export async function until(isTrue: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (performance.now() < deadlineMs) {
    if (await isTrue()) return true;
    await delay(LOOK_EVERY_MS);
  }
  return false;
}
