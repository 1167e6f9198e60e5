import type { Db } from '@aistock/database';
import type { PolicyMode } from '@aistock/trading/policy';
import type { Place } from './preset-store.ts';

export interface Mode {
  readonly mode: PolicyMode;
  /** The preset of mode fixed. */
  readonly presetId: string | null;
}

export async function findMode(db: Db, { strategy, instrument }: Place): Promise<Mode | undefined> {
  const row = await db
    .selectFrom('params.mode')
    .select(['mode', 'preset_id'])
    .where('strategy', '=', strategy)
    .where('instrument', '=', instrument)
    .executeTakeFirst();
  return row && { mode: row.mode, presetId: row.preset_id };
}
