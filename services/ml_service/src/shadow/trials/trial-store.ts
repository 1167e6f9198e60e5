import type { Db, ShadowTrialTable, Trx } from '@aistock/database';
import type { ShadowVerdict } from '@aistock/promotion';
import type { Selectable } from 'kysely';
import type { Place } from '../../registry/aliases.ts';

export type TrialRow = Selectable<ShadowTrialTable>;

const ENDED_TOLD_MAX = 20;
const REASON_LENGTH_MAX = 2_000;

export async function findOpenTrial(
  db: Db,
  { stream, strategy, kind }: Place,
): Promise<TrialRow | undefined> {
  return db
    .selectFrom('ml.shadow_trial')
    .selectAll()
    .where('stream', '=', stream)
    .where('strategy', '=', strategy)
    .where('kind', '=', kind)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
}

/** Those first that were looked at longest ago. */
export async function listOpenTrials(db: Db, limit: number): Promise<TrialRow[]> {
  return db
    .selectFrom('ml.shadow_trial')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('checked_at', (order) => order.asc().nullsFirst())
    .orderBy('trial_id')
    .limit(limit)
    .execute();
}

/** Those of a stream that run, and the last ones that ended; newest first. */
export async function listTrials(db: Db, stream: string): Promise<TrialRow[]> {
  const own = db
    .selectFrom('ml.shadow_trial')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('started_at', 'desc');
  const open = await own.where('ended_at', 'is', null).execute();
  const ended = await own.where('ended_at', 'is not', null).limit(ENDED_TOLD_MAX).execute();
  return [...open, ...ended];
}

export type NewTrial = Pick<TrialRow, 'model_id' | 'champion_id' | 'days' | 'started_at'>;

export async function insertTrial(
  trx: Trx,
  { stream, strategy, kind }: Place,
  trial: NewTrial,
): Promise<string> {
  const { trial_id: trialId } = await trx
    .insertInto('ml.shadow_trial')
    .values({ stream, strategy, kind, ...trial })
    .returning('trial_id')
    .executeTakeFirstOrThrow();
  return trialId;
}

/** Notes how it stands. */
export async function noteVerdict(
  db: Db,
  { trial_id }: TrialRow,
  verdict: ShadowVerdict,
  at: Date,
): Promise<void> {
  const { bars, difference, gates, reason } = verdict;
  await db
    .updateTable('ml.shadow_trial')
    .set({
      bars,
      mean_difference: difference?.mean ?? null,
      lower_bound: difference?.lower ?? null,
      upper_bound: difference?.upper ?? null,
      gates: JSON.stringify(gates),
      reason: reason.slice(0, REASON_LENGTH_MAX) || null,
      checked_at: at,
    })
    .where('trial_id', '=', trial_id)
    .where('status', '=', 'running')
    .execute();
}

/** Takes the next step of a trial. False where another replica was first. */
export async function moveTrial(
  trx: Trx,
  { trial_id, status: before }: TrialRow,
  next: { readonly status: 'proved' | 'promoted' | 'withdrawn'; readonly reason: string; readonly at: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('ml.shadow_trial')
    .set({
      status: next.status,
      reason: next.reason.slice(0, REASON_LENGTH_MAX),
      ended_at: next.status === 'proved' ? null : next.at,
    })
    .where('trial_id', '=', trial_id)
    .where('status', '=', before)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
