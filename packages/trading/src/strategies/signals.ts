import type { Signal } from './strategy.ts';

/** Leaves the given legs at the market. */
export function exitSignal(reason: string, legs: readonly number[] = [0]): Signal {
  return {
    direction: 0,
    strength: 1,
    confidence: 0.5,
    holdingBars: 0,
    reason,
    wishes: legs.map((leg) => ({ kind: 'exit', leg, style: { type: 'market' } })),
  };
}

/** Takes away the quotes that work in the only leg, and sets none. */
export function noQuotes(reason: string): Signal {
  return {
    direction: 0,
    strength: 0,
    confidence: 0.5,
    holdingBars: 0,
    reason,
    wishes: [{ kind: 'quote', leg: 0, quotes: [] }],
  };
}

/** From 0 at the threshold towards 1 far beyond it; one half at one unit. */
export function strengthOf(unitsBeyond: number): number {
  return unitsBeyond / (1 + unitsBeyond);
}
