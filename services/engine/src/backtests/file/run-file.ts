import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ServiceError, type Clock } from '@aistock/service-kit';
import { BacktestRequest, type BacktestOutcome, type BacktestRun } from '@aistock/shared';
import type { Strategies } from '@aistock/strategy-schemas';
import { engineVersion } from '../code-version.ts';
import type { ModelSource } from '../data/model-source.ts';
import { fullRequest } from '../full-request.ts';
import type { ConcludeTerms } from '../job/conclude-run.ts';
import { shareDone } from '../job/progress.ts';
import type { FullRequest } from '../job/run-job.ts';
import { prepareJob, type PreparedJob } from '../prepare-job.ts';
import { evaluateHere } from '../runner/evaluate-here.ts';
import { configSha256 } from '../store/run-store.ts';
import { triedSoFar } from '../store/trials.ts';
import { runStudy, type Studied } from '../studies/run-study.ts';
import { sweepGrid } from '../studies/sweep-grid.ts';
import type { WorkerPool } from '../worker-pool.ts';
import type { FileRequest } from './file-request.ts';
import { openFile, type FileStream } from './file-source.ts';

const LOOK_EVERY_MS = 200;
const STUDY_SHARE = 0.9;

export interface FileRunOptions {
  readonly strategies: Strategies;
  readonly pool: WorkerPool;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told now and then how much is done, from 0 to 1. */
  readonly told: (share: number) => void;
}

/**
 * Runs a backtest over the bars of a file, with no service and no database, and leaves report.html, trades.csv and
 * decisions.jsonl. Nothing counts what was tried before: a sweep counts its own combinations only.
 * @throws ServiceError for what the request or the file has wrong.
 */
export async function runFile(file: FileRequest, options: FileRunOptions): Promise<BacktestRun> {
  const opened = await openFile(file);
  const request = requestOf(file, opened, options.strategies);
  const createdMs = options.clock.nowMs();
  const preparing = { ...options, source: opened.source, models: NO_MODELS };
  const prepared = await prepareJob(preparing, request, 'file', options.signal);
  const run = {
    runId: randomUUID(),
    study: request.study.type,
    createdMs,
    seed: request.seed,
    codeVersion: await engineVersion(),
    configSha256: configSha256(request),
    dataSha256: prepared.dataSha256,
  };
  const looking = watchProgress(prepared, options);
  try {
    const studied = await study(request, prepared, options);
    const outcome = await conclude({ file, prepared, studied, run }, options);
    return runToWire({ request, run, outcome, finishedMs: options.clock.nowMs() });
  } finally {
    clearInterval(looking);
  }
}

type NamedRun = ConcludeTerms['run'];

interface StudiedFile {
  readonly file: FileRequest;
  readonly prepared: PreparedJob;
  readonly studied: Studied;
  readonly run: NamedRun;
}

/** Leaves everything in the folder. */
async function conclude(
  { file, prepared: { job }, studied, run }: StudiedFile,
  { pool, signal }: FileRunOptions,
): Promise<BacktestOutcome> {
  await mkdir(file.out, { recursive: true });
  const { segments, study: found, tried } = studied;
  const counted = tried.length === 0 ? null : triedSoFar(new Map(), job.request, tried);
  const logFile = join(file.out, 'decisions.jsonl');
  const terms = { job, segments, study: found, tried: counted, run, logFile };
  const { outcome, report, trades } = await pool.run('conclude', terms, signal);
  await writeFile(join(file.out, 'report.html'), gunzipSync(report));
  await writeFile(join(file.out, 'trades.csv'), gunzipSync(trades));
  return outcome;
}

interface OverRun {
  readonly request: FullRequest;
  readonly run: NamedRun;
  readonly outcome: BacktestOutcome;
  readonly finishedMs: number;
}

function runToWire({ request, run, outcome, finishedMs }: OverRun): BacktestRun {
  return {
    run_id: run.runId,
    study: run.study,
    strategies: request.slots.map(({ strategy }) => strategy),
    streams: Object.keys(run.dataSha256),
    from_ms: request.from_ms,
    to_ms: request.to_ms,
    status: 'done',
    progress: 1,
    config_sha256: run.configSha256,
    code_version: run.codeVersion,
    created_ms: run.createdMs,
    finished_ms: finishedMs,
    seed: request.seed,
    request: { ...request },
    data_sha256: { ...run.dataSha256 },
    problem: null,
    result: outcome,
  };
}

function requestOf(
  file: FileRequest,
  { stream, fromMs, toMs }: FileStream,
  strategies: Strategies,
): FullRequest {
  const parsed = BacktestRequest.safeParse({
    from_ms: fromMs,
    to_ms: toMs,
    ...file.request,
    stream: stream.id,
  });
  if (parsed.success) return fullRequest(parsed.data, strategies);
  throw new ServiceError('request_invalid', 400, 'the request is not a backtest', {
    fields: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  });
}

const NO_MODELS: ModelSource = {
  find: () =>
    Promise.reject(
      new ServiceError(
        'model_unavailable',
        422,
        'models live at ml_service: run without --bars, or without a model',
      ),
    ),
};

async function study(
  request: FullRequest,
  { job }: PreparedJob,
  { strategies, pool, signal, told }: FileRunOptions,
): Promise<Studied> {
  return runStudy(request, {
    grid: sweepGrid(request, strategies),
    evaluate: (points) =>
      evaluateHere(pool, job, points, { signal, told: (share) => told(STUDY_SHARE * share) }),
    check: () => pool.run('check', job, signal),
  });
}

function watchProgress({ job }: PreparedJob, { told }: FileRunOptions): NodeJS.Timeout {
  const from = job.request.study.type === 'single' ? 0 : STUDY_SHARE;
  return setInterval(() => {
    const share = shareDone(job);
    if (share > 0) told(from + (1 - from) * share);
  }, LOOK_EVERY_MS);
}
