import type { Db, TrainingRunEventTable, TrainingRunTable, TrainingStatus } from '@aistock/database';
import { ServiceError } from '@aistock/service-kit';
import { canonicalJson } from '@aistock/shared';
import { sql, type Selectable } from 'kysely';
import type { AskedTraining } from './training-terms.ts';

export type RunRow = Selectable<TrainingRunTable>;
export type RunEventRow = Selectable<TrainingRunEventTable>;

/** Runs that wait for a turn; whoever asks for more is told to come back. */
const OPEN_MAX = 10_000;

/**
 * Queues a run for each stream. One that waits already and was asked for in the same words is that run: it will see
 * whatever is new by then.
 * @returns the ids of the runs, in the order of the streams.
 * @throws ServiceError 429 `runs_too_many` where too many wait already; nothing is queued then.
 */
export async function insertRuns(
  db: Db,
  streams: readonly string[],
  { terms, exactlyOnce, seed }: AskedTraining,
): Promise<string[]> {
  if (streams.length === 0) return [];
  const same = { exactly_once: exactlyOnce, request: canonicalJson(terms), seed };
  const waiting = await db
    .selectFrom('ml.run')
    .select(['run_id', 'stream'])
    .where('status', '=', 'queued')
    .where(sql<boolean>`stream = ANY (${[...streams]}::text[])`)
    .where(sql<boolean>`request = ${same.request}::jsonb`)
    .where('exactly_once', '=', exactlyOnce)
    .where('seed', '=', seed)
    .execute();
  const ids = new Map(waiting.map((row) => [row.stream, row.run_id]));
  const missing = streams.filter((stream) => !ids.has(stream));
  await assertRoom(db, missing.length);
  if (missing.length > 0) {
    const rows = await db
      .insertInto('ml.run')
      .values(missing.map((stream) => ({ stream, ...same })))
      .returning(['run_id', 'stream'])
      .execute();
    for (const row of rows) ids.set(row.stream, row.run_id);
  }
  return streams.map((stream) => ids.get(stream)!);
}

async function assertRoom(db: Db, more: number): Promise<void> {
  const { open } = await db
    .selectFrom('ml.run')
    .select(sql<number>`count(*)::int`.as('open'))
    .where('status', 'in', ['queued', 'running'])
    .executeTakeFirstOrThrow();
  if (open + more <= OPEN_MAX) return;
  throw new ServiceError(
    'runs_too_many',
    429,
    `${open} runs wait already, of at most ${OPEN_MAX}; try again when some are over`,
  );
}

/** @throws ServiceError 404 `run_unknown`. */
export async function findRun(db: Db, runId: string): Promise<RunRow> {
  const row = await db.selectFrom('ml.run').selectAll().where('run_id', '=', runId).executeTakeFirst();
  if (row) return row;
  throw new ServiceError('run_unknown', 404, `there is no training run ${runId}; GET /runs lists them`);
}

/** Newest first. */
export async function listRuns(
  db: Db,
  filter: {
    readonly stream?: string | undefined;
    readonly status?: TrainingStatus | undefined;
    readonly limit: number;
  },
): Promise<RunRow[]> {
  const { stream, status, limit } = filter;
  return db
    .selectFrom('ml.run')
    .selectAll()
    .$if(stream !== undefined, (query) => query.where('stream', '=', stream ?? ''))
    .$if(status !== undefined, (query) => query.where('status', '=', status ?? 'queued'))
    .orderBy('created_at', 'desc')
    .orderBy('run_id')
    .limit(limit)
    .execute();
}

/** Whether any of the runs is not over. */
export async function anyOpen(db: Db, runIds: readonly string[]): Promise<boolean> {
  const open = await db
    .selectFrom('ml.run')
    .select('run_id')
    .where(sql<boolean>`run_id = ANY (${[...runIds]}::uuid[])`)
    .where('finished_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  return open !== undefined;
}

/** Ends a run that is not over; who works on it finds out with the next renewal of its claim. */
export async function cancelRun(db: Db, runId: string): Promise<void> {
  await db
    .updateTable('ml.run')
    .set({ status: 'cancelled', lease_until: null, finished_at: sql`clock_timestamp()` })
    .where('run_id', '=', runId)
    .where('status', 'in', ['queued', 'running'])
    .execute();
}

/** What happened to a run after an event, in order; 0 for all. */
export async function listEvents(
  db: Db,
  runId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<RunEventRow[]> {
  return db
    .selectFrom('ml.run_event')
    .selectAll()
    .where('run_id', '=', runId)
    .where('event_id', '>', after)
    .orderBy('event_id')
    .limit(limit)
    .execute();
}
