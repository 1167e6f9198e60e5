import type { Bar } from '../bar.ts';

/**
 * `price` and `volume`: both sources have the bar and say otherwise. `missing_here` and `missing_there`: one of them has
 * no such bar, and has later ones.
 */
export type DifferenceKind = 'price' | 'volume' | 'missing_here' | 'missing_there';

/** One bar that two sources do not agree on. */
export interface BarDifference {
  readonly kind: DifferenceKind;
  readonly openMs: number;
  /** The value that differs most; null where the bar is missing. */
  readonly field: ValueName | null;
  /** How much it differs, in basis points of the larger value: above 0, at most 10,000; null where the bar is missing. */
  readonly bps: number | null;
  /** Exact decimal text; null where the bar is missing. */
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** What came of a comparison, counted in bars. */
export interface BarComparison {
  /** Bars that both have. */
  readonly compared: number;
  /** Our bars after their last one: they may have them later. */
  readonly undecided: number;
  /** In order of open time; a bar may differ in price and in volume. */
  readonly differences: readonly BarDifference[];
}

const BPS = 10_000;
/** Float64 makes a difference that is exactly the tolerance a little more than it. */
const NOISE_BPS = 1e-9;
type ValueName = 'open' | 'high' | 'low' | 'close' | 'volume';
const VALUES = [
  ['price', ['open', 'high', 'low', 'close']],
  ['volume', ['volume']],
] as const;

/**
 * Compares bars of two sources for the same instrument and timeframe, up to the last bar that both could have: the later
 * ones of either say nothing yet. Both in order of open time, each open time once.
 * @param terms - `toleranceBps`: what differs by more, in basis points of the larger of the two values, is told.
 */
export function compareBars(
  ours: readonly Bar[],
  theirs: readonly Bar[],
  { toleranceBps }: { toleranceBps: number },
): BarComparison {
  const lastMs = Math.min(ours.at(-1)?.openMs ?? -Infinity, theirs.at(-1)?.openMs ?? -Infinity);
  const byOpen = new Map(theirs.map((bar) => [bar.openMs, bar]));
  const decided = ours.filter(({ openMs }) => openMs <= lastMs);
  const differences: BarDifference[] = [];
  let compared = 0;
  for (const bar of decided) {
    const other = byOpen.get(bar.openMs);
    byOpen.delete(bar.openMs);
    if (other === undefined) differences.push(missing('missing_there', bar));
    else {
      compared++;
      differences.push(...between(bar, other, toleranceBps));
    }
  }
  for (const bar of byOpen.values()) if (bar.openMs <= lastMs) differences.push(missing('missing_here', bar));
  return {
    compared,
    undecided: ours.length - decided.length,
    differences: differences.toSorted((a, b) => a.openMs - b.openMs),
  };
}

function missing(kind: 'missing_here' | 'missing_there', { openMs }: Bar): BarDifference {
  return { kind, openMs, field: null, bps: null, ours: null, theirs: null };
}

/** At most one difference in price, the largest, and one in volume. */
function between(ours: Bar, theirs: Bar, toleranceBps: number): BarDifference[] {
  const { openMs } = ours;
  const differing = ([kind, fields]: readonly ['price' | 'volume', readonly ValueName[]]): BarDifference[] =>
    fields
      .map((field) => ({ kind, openMs, field, bps: bpsBetween(ours[field], theirs[field]) }))
      .filter(({ bps }) => bps > toleranceBps + NOISE_BPS)
      .toSorted((a, b) => b.bps - a.bps)
      .slice(0, 1)
      .map((worst) => ({ ...worst, ours: ours[worst.field], theirs: theirs[worst.field] }));
  return VALUES.flatMap(differing);
}

/** In float64, as a statistic. Equal text is 0; nothing against something is all of it. */
function bpsBetween(a: string, b: string): number {
  if (a === b) return 0;
  const [x, y] = [Number(a), Number(b)];
  return (Math.abs(x - y) / Math.max(Math.abs(x), Math.abs(y))) * BPS;
}
