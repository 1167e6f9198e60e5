import type { Criterion, PointFigures } from '@aistock/shared';

/** What a point is ranked by; null where it has none. */
export function scoreOf(figures: PointFigures, criterion: Criterion): number | null {
  return criterion === 'return' ? figures.return_total : figures[criterion];
}

/** Indexes from the best score to the worst; points without one come last, equal ones in their order. */
export function ranking(scores: readonly (number | null)[]): number[] {
  const rank = (index: number): number => scores[index] ?? Number.NEGATIVE_INFINITY;
  return scores
    .map((_, index) => index)
    .toSorted((a, b) => (rank(a) === rank(b) ? a - b : rank(b) - rank(a)));
}
