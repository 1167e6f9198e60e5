import { selectionDue, selectSlots, type SlotStanding } from '../../selection/index.ts';
import type { CoreState } from '../core-state.ts';
import type { SelectionDecision } from '../decision.ts';
import { regimeOf } from '../slot-regime.ts';
import type { Slot } from '../slot-state.ts';

/** Chooses which slots may enter, where it is time to; undefined where it is not. */
export function chooseSlots(state: CoreState, atMs: number): SelectionDecision | undefined {
  const { selection } = state.setup;
  if (selection === null || !selectionDue(selection, state.selectedMs, atMs)) return undefined;
  const choices = selectSlots(selection, state.slots.map(standingOf));
  for (const [index, slot] of state.slots.entries()) slot.isEnabled = choices[index]!.enabled;
  state.selectedMs = atMs;
  return { kind: 'selection', seq: ++state.seq, atMs, slots: choices };
}

function standingOf(slot: Slot): SlotStanding {
  return {
    slot: slot.setup.id,
    instrument: slot.legs[0].stream.setup.instrument,
    enabled: slot.isEnabled,
    rewards: slot.kelly.rewards,
    fit: fitOf(slot),
  };
}

/** How far the regime speaks for the slot's strategy in the direction that suits it best; null without regime or params. */
function fitOf(slot: Slot): number | null {
  const { params, setup } = slot;
  const regime = regimeOf(slot);
  if (!regime || !params) return null;
  const fitIn = (direction: -1 | 1) => setup.strategy.modelFit(regime, params.params, direction) ?? 0;
  return Math.max(fitIn(1), fitIn(-1));
}
