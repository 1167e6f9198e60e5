import type { Bar } from '../bar.ts';

/** Bars that a source gave again, against those that are held. */
export interface Differences<Held extends Bar = Bar> {
  /** Held with another value. */
  readonly restated: readonly { readonly held: Held; readonly bar: Bar }[];
  /** Not held at all. */
  readonly late: readonly Bar[];
}

/** Compares by open time and exact decimal text, in the order in which the bars came again. */
export function differences<Held extends Bar>(
  held: readonly Held[],
  again: readonly Bar[],
): Differences<Held> {
  const byOpen = new Map(held.map((bar) => [bar.openMs, bar]));
  const restated: { held: Held; bar: Bar }[] = [];
  const late: Bar[] = [];
  for (const bar of again) {
    const known = byOpen.get(bar.openMs);
    if (known === undefined) late.push(bar);
    else if (!sameValues(known, bar)) restated.push({ held: known, bar });
  }
  return { restated, late };
}

/** True where both bars say the same of their interval. */
export function sameValues(a: Bar, b: Bar): boolean {
  return VALUES.every((key) => a[key] === b[key]);
}
const VALUES = ['open', 'high', 'low', 'close', 'volume'] as const;
