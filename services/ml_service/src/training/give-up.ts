import type { Db } from '@aistock/database';
import { HmmError } from '@aistock/hmm-ts';
import { failClaims, quarantineClaim, releaseClaims, StaleClaim } from '@aistock/ledger';
import { ServiceError, type Clock, type Logger } from '@aistock/service-kit';
import { CallError } from '@aistock/shared';
import { ActiveModelChanged } from '../registry/active-model.ts';
import { failRun, type RunProblem } from '../registry/runs.ts';
import type { ClaimedRun } from './train-stream.ts';
import { TrainingProblem } from './training-problem.ts';

/**
 * What becomes of the claims of a run that did not work. `lost`: they are no longer ours. `release`: the files are not
 * to blame. `fail`: the attempt counts against them. `quarantine`: one file is broken, the others are released.
 */
export type ClaimsEnd = 'lost' | 'release' | 'fail' | 'quarantine';

export interface GiveUp extends RunProblem {
  readonly claims: ClaimsEnd;
}

/** What an error of a run means. */
export function decideGiveUp(error: unknown): GiveUp {
  const detail = error instanceof Error ? error.message : String(error);
  if (error instanceof StaleClaim) return { code: 'stale_claim', detail, claims: 'lost' };
  if (error instanceof ActiveModelChanged) return { code: 'active_model_changed', detail, claims: 'release' };
  if (error instanceof CallError) return { code: 'data_ingester_failed', detail, claims: 'release' };
  if (error instanceof ServiceError) return { code: error.code, detail, claims: 'release' };
  if (error instanceof TrainingProblem) {
    const claims = error.code === 'file_corrupt' ? 'quarantine' : error.fileId ? 'fail' : 'release';
    return { code: error.code, detail, claims };
  }
  // An error of the worker thread comes back without its class.
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  if (error instanceof HmmError || (name === 'HmmError' && typeof code === 'string'))
    return { code: `model_${String(code)}`, detail, claims: 'fail' };
  return {
    code: 'internal_error',
    detail: 'something broke inside; the log has it under the run id',
    claims: 'fail',
  };
}

/** Ends a run that did not work: gives its claims back and says why. */
export async function giveUp(
  context: { readonly db: Db; readonly clock: Clock; readonly logger: Logger },
  run: ClaimedRun,
  error: unknown,
): Promise<void> {
  const { db, clock, logger } = context;
  const { code, detail, claims } = decideGiveUp(error);
  logger.error('a training run failed', { run_id: run.runId, stream: run.stream, code, error });
  const files = [...run.files];
  switch (claims) {
    case 'lost':
      break;
    case 'release':
      await releaseClaims(db, files);
      break;
    case 'fail':
      await failClaims(db, files, `${code}: ${detail}`.slice(0, 1_000));
      break;
    case 'quarantine':
      await quarantineFile(db, run, error, detail);
      break;
  }
  await failRun(db, run.runId, { code, detail }, new Date(clock.nowMs()));
}

async function quarantineFile(db: Db, run: ClaimedRun, error: unknown, detail: string): Promise<void> {
  const blamed = error instanceof TrainingProblem ? error.fileId : undefined;
  const broken = run.files.find((file) => file.file_id === blamed);
  if (broken) await quarantineClaim(db, broken, detail.slice(0, 1_000));
  await releaseClaims(
    db,
    run.files.filter((file) => file !== broken),
  );
}
