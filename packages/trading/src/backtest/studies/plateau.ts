import type { StrategyParams } from '../../strategies/index.ts';
import type { ParamRanges } from './parameter-grid.ts';

/** How the points around the best one do. */
export interface Plateau {
  /** Points that differ from the best in one parameter by one step. */
  readonly neighbours: number;
  /** Median of their scores. */
  readonly median: number;
  /** The worst of them. */
  readonly worst: number;
  /** Share of them that reach {@link NEAR} of the best score; of a best score of 0 or less none does. */
  readonly nearShare: number;
}

/** Of the best score, to count as near. */
const NEAR = 0.8;

/** A point of a sweep; null where it has no score, such as a Sharpe ratio of no trades. */
export interface ScoredPoint {
  readonly params: StrategyParams;
  readonly score: number | null;
}

/**
 * Whether the best point stands on a plateau or on a spike: the scores of its neighbours in the grid. Neighbours without a
 * score count as the worst there is. Null where it has none.
 */
export function plateauOf(
  best: ScoredPoint,
  points: readonly ScoredPoint[],
  ranges: ParamRanges,
): Plateau | null {
  const around = points
    .filter((point) => stepsBetween(point.params, best.params, ranges) === 1)
    .map(({ score }) => score ?? Number.NEGATIVE_INFINITY)
    .toSorted((a, b) => a - b);
  const worst = around.find(Number.isFinite);
  if (best.score === null || worst === undefined) return null;
  const bestScore = best.score;
  const middle = around[Math.floor((around.length - 1) / 2)]!;
  const near = bestScore > 0 ? around.filter((score) => score >= NEAR * bestScore).length : 0;
  return {
    neighbours: around.length,
    median: Number.isFinite(middle) ? middle : worst,
    worst,
    nearShare: near / around.length,
  };
}

function stepsBetween(a: StrategyParams, b: StrategyParams, ranges: ParamRanges): number {
  return Object.entries(ranges).reduce(
    (steps, [name, { step }]) => steps + Math.round(Math.abs((a[name] ?? 0) - (b[name] ?? 0)) / step),
    0,
  );
}
