import type { Trx } from '@aistock/database';
import type { PromotionPolicy } from '@aistock/promotion';
import { emitEvent } from '@aistock/service-kit';
import { changeAlias, findAlias, lockPlace, type AliasState, type Place } from '../../registry/aliases.ts';
import { findModel } from '../../registry/models.ts';
import { shadowDays, type ShadowDays } from './shadow-days.ts';
import { findOpenTrial, insertTrial } from './trial-store.ts';

const CHALLENGED_BY = 'ml_service';

/** A model that passed every gate of a place. */
export interface NewChallenger {
  readonly modelId: string;
  /** The champion that it was measured against. */
  readonly champion: AliasState | undefined;
  readonly policy: PromotionPolicy;
  readonly defaults: ShadowDays;
  readonly at: Date;
}

/** What comes of it: it may take the place now, it is tried first, or another one is being tried. */
export type Begun = 'not_needed' | 'on_trial' | 'another_on_trial';

/**
 * Sets a model beside the champion of its place, where the place asks for that, with its event.
 * @throws AliasChanged; the transaction must roll back.
 */
export async function beginTrial(trx: Trx, place: Place, challenger: NewChallenger): Promise<Begun> {
  const { modelId, champion, policy, defaults, at } = challenger;
  if (!champion?.model_id) return 'not_needed';
  await lockPlace(trx, place);
  const live = await findAlias(trx, place, 'live');
  const days = shadowDays(
    {
      comparable: await isComparable(trx, modelId, champion.model_id, at),
      live: (live?.model_id ?? null) !== null,
    },
    policy.shadow,
    defaults,
  );
  if (days === 0) return 'not_needed';
  if (await findOpenTrial(trx, place)) return 'another_on_trial';
  const previous = await findAlias(trx, place, 'challenger');
  const reason = `every gate passed; runs beside the champion for ${days} days`;
  const change = {
    alias: 'challenger',
    change: 'challenged',
    modelId,
    previous,
    by: CHALLENGED_BY,
    reason,
    at,
  } as const;
  const generation = await changeAlias(trx, place, change);
  const championId = champion.model_id;
  const trialId = await insertTrial(trx, place, {
    model_id: modelId,
    champion_id: championId,
    days,
    started_at: at,
  });
  const payload = {
    trial_id: trialId,
    model_id: modelId,
    ...place,
    champion_id: championId,
    days,
    generation,
  };
  await emitEvent(trx, { kind: 'model.challenged', subject: modelId, payload });
  return 'on_trial';
}

/** Models of regimes that read the same features, of which the one that is to be better answers. */
async function isComparable(trx: Trx, modelId: string, championId: string, at: Date): Promise<boolean> {
  const [own, other] = [await findModel(trx, modelId), await findModel(trx, championId)];
  return (
    own?.kind === 'regime' &&
    other?.kind === 'regime' &&
    own.features.join() === other.features.join() &&
    other.expires_at.getTime() > at.getTime()
  );
}
