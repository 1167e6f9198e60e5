import { selectionDue } from '../../selection/index.ts';
import type { Question } from '../core-port.ts';
import type { CoreState } from '../core-state.ts';
import { mayRenewParams, paramsEnded, paramsInForce } from './params-in-force.ts';
import type { SlotParams } from '../setup.ts';
import { regimeOf, toldRegime } from '../slot-regime.ts';
import type { Slot } from '../slot-state.ts';

const NONE: readonly Question[] = [];

/** What is to be told before the slots whose bars close at this time can decide. */
export function questionsAt(state: CoreState, atMs: number): readonly Question[] {
  const { selection } = state.setup;
  const selects = selection !== null && selectionDue(selection, state.selectedMs, atMs);
  let questions: Question[] | undefined;
  for (const slot of state.slots) {
    if (slot.legs[0].stream.newestCloseMs !== atMs) continue;
    const regime = toldRegime(slot) === undefined && (selects || slot.setup.modelUse !== 'off');
    const params = !regime && needsParams(slot, atMs);
    if (regime || params) (questions ??= []).push({ slot: slot.setup.id, regime, params });
  }
  return questions ?? NONE;
}

/**
 * Not told about since the bar closed, and idle, or an inventory, without parameters that may lead to an entry: none, expired,
 * spent, or chosen on the word of a model that no longer answers. One that holds something without any, after a fill that was told late, needs them to leave it.
 */
function needsParams(slot: Slot, atMs: number): boolean {
  if (slot.paramsToldMs === atMs) return false;
  const params = paramsInForce(slot, atMs);
  if (slot.params === null) return true;
  if (!mayRenewParams(slot)) return false;
  if (!params || paramsEnded(slot, atMs) !== null) return true;
  return slot.setup.modelUse !== 'off' && params.source === 'chosen' && !stillAnswers(slot, params);
}

/** Whether the model on whose word parameters were chosen is the one that answers. */
function stillAnswers(slot: Slot, { modelId }: SlotParams): boolean {
  const regime = regimeOf(slot);
  return regime !== undefined && (modelId === undefined || modelId === regime.modelId);
}
