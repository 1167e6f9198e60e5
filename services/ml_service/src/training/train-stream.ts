import { randomUUID } from 'node:crypto';
import type { Db } from '@aistock/database';
import type { LakeFiles, RawStore } from '@aistock/lake';
import {
  claimFiles,
  hasOpenFilesBefore,
  releaseClaims,
  startHeartbeat,
  type LedgerFileRow,
} from '@aistock/ledger';
import { MODEL_FEATURE_NAMES, type PriceBar } from '@aistock/market';
import type { Clock, Logger } from '@aistock/service-kit';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { modelLifeMs, type Config } from '../config.ts';
import { findActive, type ActiveModel } from '../registry/active-model.ts';
import { loadArtefact, loadCarried } from '../registry/artefact.ts';
import { findNewestModel, loadModelRow, type ModelRow } from '../registry/models.ts';
import { DETAIL_LENGTH_MAX, insertRun } from '../registry/runs.ts';
import { assertTrainable } from './assert-trainable.ts';
import { commitTraining } from './commit-training.ts';
import { decidePromotion } from './decide-promotion.ts';
import { fitInWorker } from './fit-in-worker.ts';
import { giveUp } from './give-up.ts';
import { isKept } from './is-kept.ts';
import { prepareJob, type PreparedJob, type TrainingLine } from './prepare-job.ts';
import type { TrainingResult } from './train-challenger.ts';
import { claimedBars, windowBars } from './training-bars.ts';
import { TrainingProblem } from './training-problem.ts';
import { filesWithin } from './files-within.ts';
import { modelToJson } from '@aistock/hmm-ts';

const CLAIM_FILES_MAX = 10_000;

export interface TrainingContext {
  readonly db: Db;
  readonly ingester: Client<typeof dataIngesterApi>;
  readonly lake: LakeFiles;
  readonly rawStore: RawStore;
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The fit; in a thread of its own unless a test gives another. */
  readonly fit?: typeof fitInWorker;
}

/**
 * One training run of a stream: claims its new files, fits, decides, commits.
 * @returns the id of the run, whatever came of it.
 */
export async function trainStream(
  context: TrainingContext,
  stream: string,
  signal: AbortSignal,
): Promise<string> {
  const { db, clock, config } = context;
  const runId = randomUUID();
  const claimer = `ml_service:${runId}`;
  const startedAt = new Date(clock.nowMs());
  const begun = { run_id: runId, stream, claimer, exactly_once: config.EXACTLY_ONCE, started_at: startedAt };
  const untrainable = await whyUntrainable(context, stream);
  if (untrainable) {
    await insertRun(db, {
      ...begun,
      files: 0,
      status: 'failed',
      finished_at: startedAt,
      problem_code: untrainable.code,
      problem_detail: untrainable.message.slice(0, DETAIL_LENGTH_MAX),
    });
    return runId;
  }
  const files = await claimForRun(context, stream, claimer);
  const run = { ...begun, files: files.length };
  if (files.length === 0) {
    await insertRun(db, { ...run, status: 'nothing_to_train', finished_at: startedAt });
    return runId;
  }
  await insertRun(db, { ...run, status: 'running' });
  await trainClaimed(context, { runId, claimedAt: new Date(clock.nowMs()), stream, files }, signal);
  return runId;
}

/** Before anything is claimed: the files of a stream that may not be trained on wait, and their model stays. */
async function whyUntrainable(
  { ingester, logger }: TrainingContext,
  stream: string,
): Promise<TrainingProblem | undefined> {
  try {
    await assertTrainable(ingester, stream);
    return undefined;
  } catch (error) {
    if (!(error instanceof TrainingProblem)) throw error;
    logger.warn('a stream is not trained', { stream, code: error.code, detail: error.message });
    return error;
  }
}

/**
 * Statistics that are carried forward take bars in order of time: while another run holds earlier files, also one that
 * died and whose lease still runs, later ones wait.
 */
async function claimForRun({ db, config, logger }: TrainingContext, stream: string, claimer: string) {
  const claimed = await claimFiles(db, { claimer, stream, limit: CLAIM_FILES_MAX });
  if (!config.EXACTLY_ONCE) return claimed;
  const firstOpenAt = claimed[0]?.first_open_at;
  if (firstOpenAt && (await hasOpenFilesBefore(db, stream, firstOpenAt))) {
    logger.warn('files wait for earlier ones that another run holds', { stream });
    await releaseClaims(db, claimed);
    return [];
  }
  const { taken, left } = filesWithin(claimed, config.WINDOW_BARS_MAX);
  if (left.length > 0) await releaseClaims(db, left);
  return taken;
}

export interface ClaimedRun {
  readonly runId: string;
  /** The run sees what was known by then. */
  readonly claimedAt: Date;
  readonly stream: string;
  readonly files: readonly LedgerFileRow[];
}

async function trainClaimed(context: TrainingContext, run: ClaimedRun, signal: AbortSignal): Promise<void> {
  const { db, logger, fit = fitInWorker } = context;
  const heartbeat = startHeartbeat(db, run.files, {
    onError: (error) => logger.warn('a claim could not be renewed', { run_id: run.runId, error }),
  });
  try {
    const working = AbortSignal.any([signal, heartbeat.signal]);
    const champion = await loadChampion(context, run.stream);
    const bars = await readBars(context, run);
    const line = context.config.EXACTLY_ONCE ? await loadLine(context, run.stream) : undefined;
    const prepared = prepareJob(inputOf(context.config, { bars, line, champion }));
    const result = await fit(prepared.job, working);
    // Renewals would wait for the commit, which locks the same rows; the lease is long enough for it.
    await heartbeat.stop();
    working.throwIfAborted();
    await commit(context, run, { champion, prepared, result });
  } catch (error) {
    await heartbeat.stop();
    await giveUp(context, run, heartbeat.signal.aborted ? heartbeat.signal.reason : error);
  }
}

interface Champion {
  readonly active: ActiveModel;
  readonly row: ModelRow;
}

async function loadChampion({ db }: TrainingContext, stream: string): Promise<Champion | undefined> {
  const active = await findActive(db, stream);
  const row = active && (await loadModelRow(db, active.model_id));
  return row && { active, row };
}

async function readBars(context: TrainingContext, run: ClaimedRun): Promise<PriceBar[]> {
  const { config, ingester } = context;
  const asOfMs = run.claimedAt.getTime();
  if (config.EXACTLY_ONCE) return claimedBars(context, run.files, asOfMs);
  const lastOpenMs = Math.max(...run.files.map((file) => file.last_open_at?.getTime() ?? 0));
  return windowBars(ingester, run.stream, { lastOpenMs, barsMax: config.WINDOW_BARS_MAX, asOfMs });
}

async function loadLine({ db }: TrainingContext, stream: string): Promise<TrainingLine | undefined> {
  const newest = await findNewestModel(db, stream);
  if (!newest || !readsOurFeatures(newest)) return undefined;
  const { hmm } = loadArtefact(newest.artefact, newest.sha256);
  return { model: modelToJson(hmm), carried: loadCarried(newest.carried) };
}

function readsOurFeatures(model: ModelRow): boolean {
  return model.features.join() === MODEL_FEATURE_NAMES.join();
}

function inputOf(
  config: Config,
  material: { bars: PriceBar[]; line: TrainingLine | undefined; champion: Champion | undefined },
) {
  const { bars, line, champion } = material;
  const comparable = champion && readsOurFeatures(champion.row);
  return {
    bars,
    line,
    champion: comparable ? modelToJson(loadArtefact(champion.row.artefact, champion.row.sha256).hmm) : null,
    covariance: config.ALGORITHM === 'hmm_gaussian_full' ? ('full' as const) : ('diagonal' as const),
    states: config.STATES,
    holdoutFraction: config.HOLDOUT_FRACTION,
    windowBarsMax: config.WINDOW_BARS_MAX,
  };
}

async function commit(
  { db, config, clock, logger }: TrainingContext,
  run: ClaimedRun,
  done: { champion: Champion | undefined; prepared: PreparedJob; result: TrainingResult },
): Promise<void> {
  const { champion, prepared, result } = done;
  const nowMs = clock.nowMs();
  const decision = decidePromotion(
    { ...result, bars: prepared.barsInLine, championHoldout: result.championHoldout ?? undefined },
    {
      barsMin: config.TRAIN_BARS_MIN,
      margin: config.PROMOTION_MARGIN,
      championExpired: champion !== undefined && champion.row.expires_at.getTime() <= nowMs,
    },
  );
  const modelId = await commitTraining(db, {
    ...run,
    algorithm: config.ALGORITHM,
    prepared,
    result,
    decision,
    champion: champion?.active,
    at: new Date(nowMs),
    expiresAt: new Date(nowMs + modelLifeMs(config)),
    deleteFiles: config.DELETE_AFTER_PROCESS && !isKept(config.RETENTION_KEEP, run.stream),
  });
  logger.info('trained', {
    run_id: run.runId,
    stream: run.stream,
    model_id: modelId,
    promoted: decision.promote,
  });
}
