import type { Db } from '@aistock/database';
import { emitEvent, ServiceError, type Clock } from '@aistock/service-kit';
import type { Output, paramControllerApi, Parsed } from '@aistock/shared';
import { findStrategy, type Known } from './known.ts';
import { listAllowedPresets } from './preset-store.ts';

export interface SetModeParts {
  readonly db: Db;
  readonly known: Known;
  readonly clock: Clock;
}

type Request = Parsed<typeof paramControllerApi.setMode>;

/** Sets how presets are chosen for a strategy and instrument. */
export async function setMode(
  { db, known, clock }: SetModeParts,
  { body: { strategy, instrument, mode, preset_id: named, by, reason } }: Request,
): Promise<Output<typeof paramControllerApi.setMode>> {
  const loaded = findStrategy(known, strategy, instrument);
  const preset_id = named ?? null;
  if (preset_id !== null && mode !== 'fixed') {
    const message = 'goes with mode fixed only';
    throw new ServiceError('preset_not_taken', 400, `preset_id ${message}`, {
      fields: [{ field: 'body.preset_id', message }],
    });
  }
  const set = { mode, preset_id, set_by: by, reason, set_at: new Date(clock.nowMs()) };
  await db.transaction().execute(async (trx) => {
    const presets = (await listAllowedPresets(trx, loaded, instrument)).map(({ presetId }) => presetId);
    if (preset_id !== null && !presets.includes(preset_id))
      throw new ServiceError(
        'preset_unknown',
        404,
        `there is no preset ${preset_id}; there are ${presets.join(', ')}`,
      );
    await trx
      .insertInto('params.mode')
      .values({ strategy, instrument, ...set })
      .onConflict((conflict) => conflict.columns(['strategy', 'instrument']).doUpdateSet(set))
      .execute();
    const payload = { strategy, instrument, mode, preset_id, by, reason };
    await emitEvent(trx, { kind: 'param.mode_set', subject: `${strategy} ${instrument}`, payload });
  });
  return { strategy, instrument, mode, preset_id };
}
