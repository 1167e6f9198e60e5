import type { BarDifference, DifferenceKind } from '@aistock/market';

const DAY_MS = 86_400_000;

/** What differs on one UTC day in one way. */
export interface DayOfDifferences {
  readonly kind: DifferenceKind;
  /** 00:00 UTC, Unix ms. */
  readonly dayMs: number;
  readonly bars: number;
  /** The one that differs most; of missing bars, the first. */
  readonly worst: BarDifference;
}

/** Counts differences by day and kind. */
export function differencesByDay(differences: readonly BarDifference[]): DayOfDifferences[] {
  const groups = Map.groupBy(differences, ({ kind, openMs }) => `${kind} ${Math.floor(openMs / DAY_MS)}`);
  return [...groups.values()].flatMap((group) => {
    const [worst] = group.toSorted((a, b) => (b.bps ?? 0) - (a.bps ?? 0) || a.openMs - b.openMs);
    if (worst === undefined) return [];
    const dayMs = Math.floor(worst.openMs / DAY_MS) * DAY_MS;
    return [{ kind: worst.kind, dayMs, bars: group.length, worst }];
  });
}
