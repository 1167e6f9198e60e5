import type { Db } from '@aistock/database';
import type { BarScore } from '@aistock/promotion';
import { sql } from 'kysely';
import type { LiveBar } from './live-path.ts';

/** Later ones of a trial are not compared: what so many bars have not shown is not there. */
const PAIRS_MAX = 50_000;
/** Longer than any trial or window looks back. */
const KEPT_DAYS = 200;
const DAY_MS = 86_400_000;
const PRUNED_MAX = 10_000;

/** Writes what a model said of bars; what is on record already stands. @returns how many are new. */
export async function writeScores(db: Db, modelId: string, bars: readonly LiveBar[]): Promise<number> {
  if (bars.length === 0) return 0;
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('ml.live_score')
    .values(
      bars.map(({ openMs, logLikelihood, state, trend, risk }) => ({
        model_id: modelId,
        open_at: new Date(openMs),
        state,
        trend,
        risk,
        log_likelihood: logLikelihood,
      })),
    )
    .onConflict((conflict) => conflict.columns(['model_id', 'open_at']).doNothing())
    .executeTakeFirst();
  return Number(numInsertedOrUpdatedRows ?? 0n);
}

/** Open time of the last bar of a model on record; -Infinity where there is none. */
export async function lastWrittenMs(db: Db, modelId: string): Promise<number> {
  const row = await db
    .selectFrom('ml.live_score')
    .select('open_at')
    .where('model_id', '=', modelId)
    .orderBy('open_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.open_at.getTime() ?? -Infinity;
}

export interface ScorePairs {
  readonly challenger: BarScore[];
  readonly champion: BarScore[];
}

/** What two models said of the bars from a time on that both judged, in order of time. */
export async function readPairs(
  db: Db,
  {
    model_id: modelId,
    champion_id: championId,
    started_at: from,
  }: { model_id: string; champion_id: string; started_at: Date },
): Promise<ScorePairs> {
  const rows = await db
    .selectFrom('ml.live_score as own')
    .innerJoin('ml.live_score as other', 'other.open_at', 'own.open_at')
    .select(['own.log_likelihood', 'own.state'])
    .select(['other.log_likelihood as other_log_likelihood', 'other.state as other_state'])
    .where('own.model_id', '=', modelId)
    .where('other.model_id', '=', championId)
    .where('own.open_at', '>=', from)
    .orderBy('own.open_at')
    .limit(PAIRS_MAX)
    .execute();
  return {
    challenger: rows.map(({ log_likelihood: logLikelihood, state }) => ({ logLikelihood, state })),
    champion: rows.map((row) => ({ logLikelihood: row.other_log_likelihood, state: row.other_state })),
  };
}

/** Bars that opened earlier are not kept. */
export const keptFromMs = (nowMs: number): number => nowMs - KEPT_DAYS * DAY_MS;

/** Removes scores that nothing asks for any more, some at a time. */
export async function pruneScores(db: Db, nowMs: number): Promise<void> {
  const before = new Date(keptFromMs(nowMs));
  await sql`DELETE FROM ml.live_score WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ml.live_score WHERE open_at < ${before} LIMIT ${PRUNED_MAX}))`.execute(db);
}
