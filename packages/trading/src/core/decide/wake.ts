import { flattenAtMs } from '../../session-rules/index.ts';
import type { CoreState } from '../core-state.ts';
import { isIdle, type Slot } from '../slot-state.ts';

/**
 * When a slot has to decide although no bar of it closes: where nobody trades before the end of a session, what it holds is
 * left by the clock. Infinity where it has nothing to leave, or a bar decided in time.
 */
export function wakeMsOf({ setup, closedMs }: CoreState, slot: Slot): number {
  if (setup.orders.flattenBeforeCloseMs === null || isIdle(slot)) return Infinity;
  const { setup: schedule, newestCloseMs } = slot.legs[0].stream;
  const atMs = flattenAtMs(setup.orders, schedule, newestCloseMs);
  return atMs !== undefined && atMs > closedMs ? atMs : Infinity;
}

/** The first such time of all slots. */
export function wakeMsOfAll(state: CoreState): number {
  let earliestMs = Infinity;
  for (const slot of state.slots) earliestMs = Math.min(earliestMs, wakeMsOf(state, slot));
  return earliestMs;
}
