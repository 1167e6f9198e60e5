import type { Trx } from '@aistock/database';
import { emitEvent } from '@aistock/service-kit';
import {
  changeAlias,
  findAlias,
  lockPlace,
  type Accountable,
  type AliasState,
  type Place,
} from './aliases.ts';
import { isApproved } from './approvals.ts';
import type { GateResult } from './gates.ts';

export interface Step extends Accountable {
  /** The champion that this was decided about; undefined where the place never had one. */
  readonly previous: AliasState | undefined;
  readonly at: Date;
}

export interface Promotion extends Step {
  readonly modelId: string;
  /** What it passed, where that was judged just now. */
  readonly gates?: readonly GateResult[];
}

/**
 * Makes a model champion, with its event; where it was signed off before, live sessions get it as well, otherwise they keep
 * the one that was.
 * @returns the new generation. @throws AliasChanged; the transaction must roll back.
 */
export async function promote(
  trx: Trx,
  place: Place,
  { modelId, gates, ...step }: Promotion,
): Promise<number> {
  await lockPlace(trx, place);
  const { previous, by, reason } = step;
  const generation = await changeAlias(trx, place, {
    ...step,
    alias: 'champion',
    modelId,
    change: 'promoted',
  });
  if (await isApproved(trx, modelId, place.strategy)) await signOff(trx, place, { ...step, modelId });
  await emitEvent(trx, {
    kind: 'model.promoted',
    subject: modelId,
    payload: {
      model_id: modelId,
      ...place,
      champion_id: previous?.model_id ?? null,
      generation,
      by,
      reason,
      ...(gates && { gates: gates.map((gate) => ({ ...gate })) }),
    },
  });
  return generation;
}

export interface Rollback extends Omit<Promotion, 'gates'> {
  /** Champions between the one that is left and the one that is gone back to. */
  readonly passedOver: readonly string[];
}

/**
 * Makes a model champion again; live sessions get it where it was signed off. Otherwise they lose the one that was left, and
 * any that was passed over: one step back is as good as several.
 */
export async function rollBack(
  trx: Trx,
  place: Place,
  { modelId, passedOver, ...step }: Rollback,
): Promise<number> {
  await lockPlace(trx, place);
  const { previous, by, reason } = step;
  const change = 'rolled_back';
  const generation = await changeAlias(trx, place, { ...step, alias: 'champion', modelId, change });
  if (await isApproved(trx, modelId, place.strategy)) await signOff(trx, place, { ...step, modelId });
  else await withdrawLive(trx, place, step, passedOver);
  const from = previous?.model_id ?? null;
  const payload = { model_id: modelId, rolled_back_from: from, ...place, generation, by, reason };
  await emitEvent(trx, { kind: 'model.rolled_back', subject: modelId, payload });
  return generation;
}

/**
 * Takes the champion away, with its event and an alert: nobody answers for the place until another one is promoted, and
 * whoever chooses by it chooses the conservative way.
 * @returns the new generation. @throws AliasChanged; the transaction must roll back.
 */
export async function demote(
  trx: Trx,
  place: Place,
  { previous, ...step }: Step & { readonly previous: AliasState },
): Promise<number> {
  await lockPlace(trx, place);
  const modelId = previous.model_id;
  if (modelId === null)
    throw new RangeError(`${place.strategy} on ${place.stream} has no champion to demote`);
  const next = { ...step, previous, alias: 'champion', modelId: null, change: 'demoted' } as const;
  const generation = await changeAlias(trx, place, next);
  await withdrawLive(trx, place, { ...step, previous });
  const { by, reason } = step;
  const payload = { model_id: modelId, ...place, generation, by, reason };
  await emitEvent(trx, { kind: 'model.demoted', subject: modelId, payload });
  await emitEvent(trx, {
    kind: 'alert.raised',
    subject: modelId,
    payload: { alert: 'model_demoted', ...payload },
  });
  return generation;
}

/** Gives a model to live sessions; nothing where they have it. The place must be locked. */
export async function signOff(
  trx: Trx,
  place: Place,
  { modelId, by, reason, at }: Omit<Promotion, 'previous'>,
): Promise<void> {
  const live = await findAlias(trx, place, 'live');
  if (live?.model_id === modelId) return;
  const change = 'signed_off';
  await changeAlias(trx, place, { alias: 'live', modelId, previous: live, change, by, reason, at });
}

/** Live sessions lose the champion that was left, or one that was passed over; one that was signed off before they keep. */
async function withdrawLive(
  trx: Trx,
  place: Place,
  { previous, by, reason, at }: Step,
  passedOver: readonly string[] = [],
): Promise<void> {
  const live = await findAlias(trx, place, 'live');
  if (!live || live.model_id === null) return;
  if (live.model_id !== previous?.model_id && !passedOver.includes(live.model_id)) return;
  const change = 'withdrawn';
  await changeAlias(trx, place, { alias: 'live', modelId: null, previous: live, change, by, reason, at });
}
