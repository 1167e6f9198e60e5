import type { RegimeView } from '../strategies/index.ts';
import type { Slot } from './slot-state.ts';

/** What a slot was told of the regime of its primary stream at a bar. */
export interface ToldRegime {
  /** When the bar closed, Unix ms. */
  readonly closeMs: number;
  /** Null where there is none to rely on. */
  readonly regime: RegimeView | null;
  /** Why there is none; null where there is one. */
  readonly missing: string | null;
}

/** What was told at the newest bar; undefined where nothing was. A word about an earlier one is none. */
export function toldRegime({ toldRegime: told, legs: [{ stream }] }: Slot): ToldRegime | undefined {
  return told?.closeMs === stream.newestCloseMs ? told : undefined;
}

/** The regime at the newest bar; undefined where there is none to rely on. */
export function regimeOf(slot: Slot): RegimeView | undefined {
  return toldRegime(slot)?.regime ?? undefined;
}
