import type { Differences } from '@aistock/market';
import type { StoredBar } from '@aistock/lake';

/** In a chain of sources another one has other values of the same bar: only what a source said itself it can restate. */
export function ofOneSource(
  { restated, late }: Differences<StoredBar>,
  source: string,
): Differences<StoredBar> {
  return { late, restated: restated.filter(({ held }) => held.source === source) };
}
