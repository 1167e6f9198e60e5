import type { SlotParams } from '../setup.ts';
import { isIdle, setParams, type Slot } from '../slot-state.ts';

/**
 * The parameters that the slot may decide with. A position, and an order that may still become one, keeps those that it was
 * entered with; an idle slot lets them go when they expire, and once a trade was made with them, for each choice is learned
 * from once. What was given holds as long as it says.
 */
export function paramsInForce(slot: Slot, atMs: number): SlotParams | undefined {
  const { params } = slot;
  if (params === null) return undefined;
  if (!slot.paramsSpent && params.expiresMs === null) return params;
  if (!isIdle(slot)) return params;
  if (slot.paramsSpent && params.source !== 'given') {
    setParams(slot, null, 'spent');
    return undefined;
  }
  return params.expiresMs === null || atMs < params.expiresMs ? params : undefined;
}
