import type { Db } from '@aistock/database';
import { emitEvent, ServiceError, type Clock } from '@aistock/service-kit';
import type { Output, paramControllerApi, Parsed } from '@aistock/shared';
import { paramProblems, PRESETS_MAX } from '@aistock/trading/policy';
import { sql } from 'kysely';
import { findStrategy, type Known } from './known.ts';
import type { LoadedStrategy } from '@aistock/strategy-schemas';
import { listAllowedPresets } from './preset-store.ts';

/** 'pres' in ASCII: one registration at a time, so that the count of presets holds. */
const REGISTRATION_LOCK = 0x70726573;

export interface RegisterParts {
  readonly db: Db;
  readonly known: Known;
  readonly clock: Clock;
}

type Request = Parsed<typeof paramControllerApi.registerPreset>;

/** Adds a preset for one instrument; the policy may choose it from the next decision on. */
export async function registerPreset(
  { db, known, clock }: RegisterParts,
  { params: { strategy, instrument }, body }: Request,
): Promise<Output<typeof paramControllerApi.registerPreset>> {
  const loaded = findStrategy(known, strategy, instrument);
  refuseWrongParams(loaded, body.params);
  const { preset_id, description, params, by, reason } = body;
  const registered_at = new Date(clock.nowMs());
  await db.transaction().execute(async (trx) => {
    await sql`SELECT pg_advisory_xact_lock(${REGISTRATION_LOCK})`.execute(trx);
    const presets = await listAllowedPresets(trx, loaded, instrument);
    if (presets.length >= PRESETS_MAX)
      throw new ServiceError(
        'presets_full',
        409,
        `${strategy} has ${PRESETS_MAX} presets for ${instrument}, which is the most`,
      );
    if (Object.hasOwn(loaded.schema.presets, preset_id)) throw taken(preset_id);
    const inserted = await trx
      .insertInto('params.preset')
      .values({
        strategy,
        instrument,
        preset_id,
        description,
        params: JSON.stringify(params),
        registered_by: by,
        reason,
        registered_at,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (inserted.numInsertedOrUpdatedRows !== 1n) throw taken(preset_id);
    const payload = { strategy, instrument, preset_id, description, params, by, reason };
    await emitEvent(trx, {
      kind: 'param.preset_registered',
      subject: `${strategy} ${instrument} ${preset_id}`,
      payload,
    });
  });
  return { strategy, instrument, preset_id, params, registered_ms: registered_at.getTime() };
}

function refuseWrongParams({ schema }: LoadedStrategy, params: Readonly<Record<string, number>>): void {
  const problems = paramProblems(schema, params);
  const [first] = problems;
  if (first === undefined) return;
  const fields = problems.map(({ field, message }) => ({ field: `body.params.${field}`, message }));
  throw new ServiceError('params_out_of_bounds', 400, `${first.field} ${first.message}`, { fields });
}

function taken(presetId: string): ServiceError {
  return new ServiceError(
    'preset_exists',
    409,
    `preset ${presetId} exists already; presets are never changed, choose another name`,
  );
}
