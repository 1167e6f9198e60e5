import type { Db, PosteriorRow, Trx } from '@aistock/database';
import { emptyPosterior, type Posterior } from '@aistock/trading/policy';
import type { Place } from './preset-store.ts';

/** What a posterior is about: a preset with exactly these parameters and features. */
export interface ArmKey extends Place {
  readonly presetId: string;
  readonly armSha256: string;
}

export interface Learned {
  /** Outcomes of the place so far, of all presets there ever were. */
  readonly generation: number;
  /** What is known about an arm; nothing, where no outcome of it was learned. */
  readonly posteriorOf: (arm: { presetId: string; armSha256: string }, dimensions: number) => Posterior;
}

export async function readLearned(db: Db, { strategy, instrument }: Place): Promise<Learned> {
  const rows = await db
    .selectFrom('params.posterior')
    .selectAll()
    .where('strategy', '=', strategy)
    .where('instrument', '=', instrument)
    .execute();
  const byArm = new Map(rows.map((row) => [`${row.preset_id} ${row.arm_sha256}`, row]));
  return {
    generation: rows.reduce((sum, row) => sum + row.outcomes, 0),
    posteriorOf: ({ presetId, armSha256 }, dimensions) => {
      const row = byArm.get(`${presetId} ${armSha256}`);
      return row === undefined ? emptyPosterior(dimensions) : fromRow(row);
    },
  };
}

/** Takes a posterior for this transaction alone; it begins empty. */
export async function lockPosterior(
  trx: Trx,
  arm: ArmKey,
  at: { dimensions: number; now: Date },
): Promise<Posterior> {
  await trx
    .insertInto('params.posterior')
    .values({ ...keyColumns(arm), ...toColumns(emptyPosterior(at.dimensions), at.now) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await ofArm(trx, arm).forUpdate().executeTakeFirstOrThrow();
  return fromRow(row);
}

export async function findPosterior(db: Db, arm: ArmKey): Promise<Posterior | undefined> {
  const row = await ofArm(db, arm).executeTakeFirst();
  return row && fromRow(row);
}

export async function savePosterior(trx: Trx, arm: ArmKey, posterior: Posterior, now: Date): Promise<void> {
  let query = trx.updateTable('params.posterior').set(toColumns(posterior, now));
  for (const [column, value] of Object.entries(keyColumns(arm)) as [
    keyof ReturnType<typeof keyColumns>,
    string,
  ][])
    query = query.where(column, '=', value);
  await query.executeTakeFirstOrThrow();
}

function ofArm(db: Db, arm: ArmKey) {
  return db
    .selectFrom('params.posterior')
    .selectAll()
    .where('strategy', '=', arm.strategy)
    .where('instrument', '=', arm.instrument)
    .where('preset_id', '=', arm.presetId)
    .where('arm_sha256', '=', arm.armSha256);
}

function keyColumns({ strategy, instrument, presetId, armSha256 }: ArmKey) {
  return { strategy, instrument, preset_id: presetId, arm_sha256: armSha256 };
}

function toColumns({ dimensions, precision, rewardVector, rewardSum, outcomes }: Posterior, now: Date) {
  return {
    dimensions,
    precision_matrix: [...precision],
    reward_vector: [...rewardVector],
    reward_sum: rewardSum,
    outcomes,
    updated_at: now,
  };
}

function fromRow(row: PosteriorRow): Posterior {
  return {
    dimensions: row.dimensions,
    precision: row.precision_matrix,
    rewardVector: row.reward_vector,
    rewardSum: row.reward_sum,
    outcomes: row.outcomes,
  };
}
