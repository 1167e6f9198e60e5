import type { Db } from '@aistock/database';
import { findFirst, findWatermark } from '@aistock/ledger';
import { ServiceError, type Logger } from '@aistock/service-kit';
import type { IngestResult } from '../ingest-result.ts';
import type { Ingester } from '../ingester.ts';
import { scheduleOf } from '../quality/watched-stream.ts';
import type { ConfiguredStream } from '../stream-spec.ts';
import { finishClaim, noteProgress, releaseClaim, type BackfillClaim } from './backfill-claim.ts';
import { nextStep, type BackfillStep } from './next-step.ts';
import { retryPauseMs } from './retry-pause.ts';

export interface RunWorld {
  readonly db: Db;
  readonly ingester: Pick<Ingester, 'next' | 'earlier' | 'findStart'>;
  /** Ends early with the signal, without an error. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly logger: Pick<Logger, 'error'>;
}

/** How one chunk ended, and what is known of the claim's stream since. */
interface StepEnd {
  readonly claim: BackfillClaim;
  readonly problem: IngestResult['problem'];
  /** Nothing came although there is said to be more. */
  readonly stuck: boolean;
  /** The source has no later bars. */
  readonly over: boolean;
}

/**
 * Fetches chunk after chunk of one stream of a backfill until all of it is there, a failure does not pass, or the signal
 * ends it; then the stream is given back for others to go on. Each chunk is registered before the next one is asked
 * for, so a crash loses at most one download.
 */
export async function runStream(
  world: RunWorld,
  stream: ConfiguredStream,
  claimed: BackfillClaim,
  signal: AbortSignal,
): Promise<void> {
  let claim = claimed;
  let over = false;
  for (let failures = 0; !signal.aborted;) {
    const step = await stepOf(world.db, stream, claim);
    // Where others began the stream meanwhile, what is before its first bar is still to be fetched.
    const done = step.kind === 'done' || (over && step.kind === 'next');
    if (done) return void (await finishClaim(world.db, claim, null));
    const end = await takeOrTell(world, stream, { claim, step }, signal);
    ({ claim, over } = end);
    if (!(await noteProgress(world.db, claim, claim))) return;
    const problem = end.problem ?? (end.stuck ? STUCK : null);
    failures = problem === null ? 0 : failures + 1;
    if (problem === null) continue;
    const pauseMs = retryPauseMs(problem.code, failures);
    if (pauseMs === undefined) return void (await finishClaim(world.db, claim, problem));
    await world.sleep(pauseMs, signal);
  }
  await releaseClaim(world.db, claim);
}

const STUCK = {
  code: 'source_stuck',
  detail: 'the source gives nothing new though it says that there is more',
};

async function stepOf(db: Db, stream: ConfiguredStream, claim: BackfillClaim): Promise<BackfillStep> {
  const firstMs = await findFirst(db, stream.stream);
  const watermarkMs = await findWatermark(db, stream.stream);
  return nextStep(claim, { firstMs, watermarkMs }, scheduleOf(stream));
}

interface Task {
  readonly claim: BackfillClaim;
  readonly step: Exclude<BackfillStep, { kind: 'done' }>;
}

/** What is wrong with our own disk or database may be over after a while too. */
async function takeOrTell(
  world: RunWorld,
  stream: ConfiguredStream,
  task: Task,
  signal: AbortSignal,
): Promise<StepEnd> {
  try {
    return await take(world, stream, task, signal);
  } catch (error) {
    world.logger.error('a chunk of a backfill was not registered', { stream: stream.stream, error });
    const code = error instanceof ServiceError ? error.code : 'internal_error';
    const problem = { code, detail: 'something broke inside; the log has it' };
    return { claim: task.claim, problem, stuck: false, over: false };
  }
}

async function take(
  { ingester }: RunWorld,
  stream: ConfiguredStream,
  { claim, step }: Task,
  signal: AbortSignal,
): Promise<StepEnd> {
  if (step.kind === 'ask_start') {
    const { startMs, problem } = await ingester.findStart(stream, claim.sinceMs);
    const fromMs = startMs === undefined ? undefined : Math.min(startMs, claim.untilMs);
    return { claim: { ...claim, fromMs }, problem, stuck: false, over: false };
  }
  if (step.kind === 'earlier') {
    const { result, askedMs } = await ingester.earlier(stream, step);
    return { claim: { ...claim, askedMs }, problem: result.problem, stuck: false, over: false };
  }
  const { untilMs, sinceMs } = claim;
  const result = await ingester.next({ ...stream, startMs: sinceMs }, { untilMs, signal });
  const over = result.problem === null && !result.more;
  // What the source does not keep lies before where it begins.
  const begins = result.unserved.map(({ to_ms: toMs }) => toMs);
  const fromMs = begins.length > 0 ? Math.min(Math.max(...begins), untilMs) : claim.fromMs;
  return {
    claim: { ...claim, fromMs },
    problem: result.problem,
    stuck: result.more && result.accepted === 0,
    over,
  };
}
