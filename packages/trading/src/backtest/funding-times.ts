import type { FundingRate } from '@aistock/shared';
import type { BarTrack } from './merged-bars.ts';

/** The funding times of an instrument that have not come yet. */
export class FundingTimes {
  readonly #rates: readonly FundingRate[];
  #next = 0;

  /** @param fromMs earlier ones are left out, Unix ms. */
  constructor(rates: readonly FundingRate[], fromMs: number) {
    this.#rates = rates.filter(({ at_ms }) => at_ms >= fromMs);
  }

  /** The next one up to a time, itself included, and goes on; undefined where there is none. */
  takeUntil(atMs: number): FundingRate | undefined {
    const next = this.#rates[this.#next];
    if (next === undefined || next.at_ms > atMs) return undefined;
    this.#next++;
    return next;
  }
}

/** By stream id; of several streams of one instrument the first that has any pays for all. */
export function fundingOf(tracks: readonly BarTrack[]): ReadonlyMap<string, FundingTimes> {
  const paying = new Map<string, FundingTimes>();
  const instruments = new Set<string>();
  for (const { setup, data, next } of tracks) {
    const fromMs = data.series.openMs[next];
    if (!data.funding || fromMs === undefined || instruments.has(setup.instrument)) continue;
    instruments.add(setup.instrument);
    paying.set(setup.id, new FundingTimes(data.funding, fromMs));
  }
  return paying;
}
