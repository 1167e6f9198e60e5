import type { Db, RunRow } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import {
  type BacktestSummary,
  canonicalJson,
  sha256Hex,
  type BacktestOutcome,
  type BacktestRun,
} from '@aistock/shared';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { FullRequest } from '../job/run-job.ts';

/** Runs that wait for a turn; whoever asks for more is told to come back. */
const QUEUED_MAX = 200;

/** The run's identity apart from when it was asked for. */
export function configSha256(request: FullRequest): string {
  return sha256Hex(canonicalJson(request));
}

/** @throws ServiceError 429 `runs_too_many` where too many wait already. */
export async function insertRun(db: Db, request: FullRequest, codeVersion: string): Promise<string> {
  const { waiting } = await db
    .selectFrom('engine.run')
    .select(sql<number>`count(*)::int`.as('waiting'))
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  if (waiting >= QUEUED_MAX)
    throw new ServiceError(
      'runs_too_many',
      429,
      `${waiting} runs wait already; try again when some are done`,
    );
  const { run_id: runId } = await db
    .insertInto('engine.run')
    .values({
      study: request.study.type,
      strategies: [...new Set(request.slots.map(({ strategy }) => strategy))],
      streams: [...new Set(request.slots.flatMap(({ streams }) => streams))],
      from_at: new Date(request.from_ms),
      to_at: new Date(request.to_ms),
      request: canonicalJson(request),
      config_sha256: configSha256(request),
      code_version: codeVersion,
    })
    .returning('run_id')
    .executeTakeFirstOrThrow();
  return runId;
}

/** @throws ServiceError 404 `run_unknown`. */
export async function findRun(db: Db, runId: string): Promise<RunRow> {
  const row = await db.selectFrom('engine.run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  if (row) return row;
  throw new ServiceError('run_unknown', 404, `there is no run ${runId}; GET /backtests lists them`);
}

/** Newest first. */
export async function listRuns(
  db: Db,
  { limit, before }: { readonly limit: number; readonly before: string | undefined },
): Promise<RunRow[]> {
  let query = db
    .selectFrom('engine.run')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('run_id', 'desc')
    .limit(limit);
  if (before !== undefined) {
    await findRun(db, before);
    query = query.where(
      sql<boolean>`(created_at, run_id) < (SELECT created_at, run_id FROM engine.run WHERE run_id = ${before})`,
    );
  }
  return query.execute();
}

/** Ends a run that is not over; who works on it finds out with the next renewal of its claim. */
export async function cancelRun(db: Db, runId: string): Promise<void> {
  await db
    .updateTable('engine.run')
    .set({ status: 'cancelled', lease_until: null, finished_at: sql`clock_timestamp()` })
    .where('run_id', '=', runId)
    .where('status', 'in', ['queued', 'running'])
    .execute();
}

type Artefact = 'report' | 'trades' | 'log';

/** The parts of an artefact from one up to, and without, another; gzip. */
export async function readArtefact(
  db: Db,
  runId: string,
  name: Artefact,
  { from, to }: { readonly from: number; readonly to: number } = { from: 0, to: 1 },
): Promise<Buffer[]> {
  const rows = await db
    .selectFrom('engine.run_artefact')
    .select('body')
    .where('run_id', '=', runId)
    .where('name', '=', name)
    .where('part', '>=', from)
    .where('part', '<', to)
    .orderBy('part')
    .execute();
  return rows.map(({ body }) => body);
}

export function summaryToWire(row: RunRow): z.output<typeof BacktestSummary> {
  return {
    run_id: row.run_id,
    study: row.study,
    strategies: row.strategies,
    streams: row.streams,
    from_ms: row.from_at.getTime(),
    to_ms: row.to_at.getTime(),
    status: row.status,
    progress: row.progress,
    config_sha256: row.config_sha256,
    code_version: row.code_version,
    created_ms: row.created_at.getTime(),
    finished_ms: row.finished_at?.getTime() ?? null,
  };
}

export function runToWire(row: RunRow): BacktestRun {
  const request = row.request as unknown as FullRequest;
  return {
    ...summaryToWire(row),
    seed: request.seed,
    request: { ...row.request },
    data_sha256: row.data_sha256 && { ...row.data_sha256 },
    problem: row.problem_code === null ? null : { code: row.problem_code, detail: row.problem_detail ?? '' },
    result: row.result as unknown as BacktestOutcome | null,
  };
}
