import type { PositionState } from '../portfolio/index.ts';
import type { Holding } from '../strategies/index.ts';

/** What a session has to remember from bar to bar: since when it holds what it holds. */
export interface SessionState {
  /** Open time of the bar in which the position was entered, Unix ms; null while flat. */
  readonly entryMs: number | null;
  /** Bars that have closed since, the bar of the entry being the first. */
  readonly barsHeld: number;
}

export const FLAT_STATE: SessionState = { entryMs: null, barsHeld: 0 };

/** The state at a bar's close, after the fills at its open. */
export function advanceState(state: SessionState, barOpenMs: number, position: PositionState): SessionState {
  if (isFlat(position)) return FLAT_STATE;
  if (state.entryMs === null) return { entryMs: barOpenMs, barsHeld: 1 };
  return { entryMs: state.entryMs, barsHeld: state.barsHeld + 1 };
}

/** The position as a strategy sees it. */
export function holdingOf(state: SessionState, position: PositionState): Holding | undefined {
  if (state.entryMs === null || position.averagePrice === null) return undefined;
  return {
    entryMs: state.entryMs,
    entryPrice: Number(position.averagePrice),
    quantity: Number(position.quantity),
    barsHeld: state.barsHeld,
  };
}

/** True where nothing is held. */
export function isFlat(position: PositionState): boolean {
  return Number(position.quantity) === 0;
}
