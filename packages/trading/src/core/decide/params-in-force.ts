import type { SlotParams } from '../setup.ts';
import { isIdle, setParams, type Slot } from '../slot-state.ts';

/**
 * The parameters that the slot may decide with. A position, and an order that may still become one, keeps those that it was
 * entered with; an idle slot lets them go when they expire, and once a trade was made with them, for each choice is learned
 * from once. An inventory goes on with those that ended until it is told new ones, but adds nothing. What was given holds as
 * long as it says.
 */
export function paramsInForce(slot: Slot, atMs: number): SlotParams | undefined {
  const { params } = slot;
  if (params === null) return undefined;
  const ended = paramsEnded(slot, atMs);
  if (ended === null || !isIdle(slot)) return params;
  if (ended === 'params_spent') setParams(slot, null, 'spent');
  return undefined;
}

/** Why the parameters may lead to nothing new; null where they may, or where there are none. */
export function paramsEnded(
  { params, paramsSpent }: Slot,
  atMs: number,
): 'params_spent' | 'params_expired' | null {
  if (params === null) return null;
  if (paramsSpent && params.source !== 'given') return 'params_spent';
  return params.expiresMs !== null && atMs >= params.expiresMs ? 'params_expired' : null;
}

/** Whether the slot may be told other parameters: while it is idle, and an inventory always. */
export function mayRenewParams(slot: Slot): boolean {
  return slot.setup.strategy.inventory === true || isIdle(slot);
}
