import { startHeartbeat, type LedgerFileRow } from '@aistock/ledger';
import { modelLifeMs } from '../../config.ts';
import { assertTrainable } from '../assert-trainable.ts';
import { claimRunFiles } from '../claim-files.ts';
import { commitTraining } from '../commit/commit-training.ts';
import { fileHashes } from '../file-hashes.ts';
import { isKept } from '../is-kept.ts';
import { makeTask, type MadeTask } from '../make-task.ts';
import { trainInThread } from '../thread/train-in-thread.ts';
import type { TrainingOutcome } from '../thread/training-task.ts';
import { policyOf } from '../../shadow/policy-of.ts';
import type { TrainingContext } from '../training-context.ts';
import { finishRun, noteFiles, renewRun, type RunClaim, type RunProgress } from './run-claims.ts';

const NOTHING_TO_TRAIN = {
  status: 'nothing_to_train',
  bars: 0,
  promoted: false,
  championId: null,
} as const;

/** A run under way. */
export interface Running {
  readonly claim: RunClaim;
  readonly signal: AbortSignal;
  /** Fills up as files are claimed. */
  readonly files: LedgerFileRow[];
  readonly told: (progress: RunProgress) => void;
}

/**
 * Trains on the new files of a run, or on a window, and commits what came of it.
 * @throws what went wrong; nothing was changed then but the claims of `files`.
 */
export async function trainRun(
  context: TrainingContext,
  running: Running,
  stopRenewals: () => void,
): Promise<void> {
  const { db, ingester, logger, train = trainInThread } = context;
  const { claim, files } = running;
  const quality = await assertTrainable(ingester, claim.stream);
  if (claim.terms.window_bars === null) {
    files.push(...(await claimRunFiles(db, claim, logger)));
    if (files.length === 0) return void (await finishRun(db, claim, NOTHING_TO_TRAIN));
    await noteFiles(db, claim, files.length);
  }
  const fileClaims = startHeartbeat(db, files, {
    onError: (error) => logger.warn('claims of files could not be renewed', { run_id: claim.runId, error }),
  });
  try {
    const made = await makeTask(context, claim, { files, quality });
    const signal = AbortSignal.any([running.signal, fileClaims.signal]);
    const outcome = await train(made.task, { signal, told: running.told });
    // Renewals would wait for the commit, which locks the same rows; the leases are long enough for it.
    await fileClaims.stop();
    signal.throwIfAborted();
    running.told({ phase: 'committing', share: 0, message: '' });
    await renewRun(db, claim, { phase: 'committing', share: 0, message: '' });
    stopRenewals();
    await commit(context, running, { made, outcome });
  } finally {
    await fileClaims.stop();
  }
}

async function commit(
  context: TrainingContext,
  { claim, files }: Running,
  { made, outcome }: { readonly made: MadeTask; readonly outcome: TrainingOutcome },
): Promise<void> {
  const { db, config, clock, logger, codeVersion, signer, strategies } = context;
  const nowMs = clock.nowMs();
  const modelId = await commitTraining(db, {
    claim,
    files,
    outcome,
    fileHashes: await fileHashes(db, claim, files, outcome.model),
    codeVersion,
    signer,
    champion: made.champion,
    shadow: { liveDays: config.SHADOW_DAYS, paperDays: config.SHADOW_DAYS_PAPER },
    policyOf: (strategy) => policyOf(strategies, strategy),
    at: new Date(nowMs),
    expiresAt: new Date(nowMs + modelLifeMs(config)),
    deleteFiles: config.DELETE_AFTER_PROCESS && !isKept(config.RETENTION_KEEP, claim.stream),
  });
  logger.info('trained', {
    run_id: claim.runId,
    stream: claim.stream,
    model_id: modelId,
    gates_passed: outcome.validation.promote,
  });
}
