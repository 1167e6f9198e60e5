import type { Db } from '@aistock/database';
import { armSha256, paramProblems } from '@aistock/trading/policy';
import type { LoadedStrategy } from '@aistock/strategy-schemas';

/** Where parameters are chosen. */
export interface Place {
  readonly strategy: string;
  readonly instrument: string;
}

/** A preset that may be chosen. */
export interface AllowedPreset {
  readonly presetId: string;
  readonly params: Readonly<Record<string, number>>;
  readonly armSha256: string;
}

/**
 * The presets of the schema, then those that were registered for the instrument. One that was registered and no
 * longer fits the schema's bounds is left out; the schema's own keeps a name that both have.
 */
export async function listAllowedPresets(
  db: Db,
  { schema }: LoadedStrategy,
  instrument: string,
): Promise<AllowedPreset[]> {
  const registered = await db
    .selectFrom('params.preset')
    .select(['preset_id', 'params'])
    .where('strategy', '=', schema.strategy)
    .where('instrument', '=', instrument)
    .orderBy('preset_id')
    .execute();
  const own = Object.entries(schema.presets).map(([presetId, { params }]) => ({ presetId, params }));
  const added = registered
    .filter(
      (row) =>
        !Object.hasOwn(schema.presets, row.preset_id) && paramProblems(schema, row.params).length === 0,
    )
    .map((row) => ({ presetId: row.preset_id, params: row.params }));
  return [...own, ...added].map((preset) => ({ ...preset, armSha256: armSha256(schema, preset.params) }));
}
