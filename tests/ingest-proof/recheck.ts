import { CallError } from '@aistock/shared';
import type { VenueSim } from '@aistock/venue_sim';
import type { Ingester } from './ingester.ts';
import { MARKET, MINUTE_MS, START_MS, STREAM, type ProofTerms } from './proof-terms.ts';

/** One page of the venue: of a range of many some would be spoiled every time. */
const RANGE_BARS = 1_000;
/** A venue that misbehaves is asked for a range so often. */
const ATTEMPTS_MAX = 30;

export interface Rechecked {
  readonly restated: number;
  readonly late: number;
  /** Calls that the venue spoiled. */
  readonly spoiled: number;
}

/**
 * Asks the venue once more for every bar, range by range, each until all bars that it gives now were compared.
 * @throws Error where a range cannot be had whole.
 */
export async function recheckAll(
  sim: VenueSim,
  ingester: Ingester,
  { bars }: ProofTerms,
): Promise<Rechecked> {
  const found = { restated: 0, late: 0, spoiled: 0 };
  for (let from = 0; from < bars; from += RANGE_BARS) {
    const range = {
      from_ms: START_MS + from * MINUTE_MS,
      to_ms: START_MS + Math.min(from + RANGE_BARS, bars) * MINUTE_MS,
    };
    const expected = [...sim.truth.bars(MARKET, { fromMs: range.from_ms, toMs: range.to_ms })].length;
    await recheckRange(ingester, range, expected, found);
  }
  return found;
}

async function recheckRange(
  ingester: Ingester,
  range: { readonly from_ms: number; readonly to_ms: number },
  expected: number,
  found: { restated: number; late: number; spoiled: number },
): Promise<void> {
  let last = '';
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    try {
      const { compared, restated, late } = await ingester
        .client()
        .recheck({ params: { id: STREAM }, body: range });
      found.restated += restated;
      found.late += late;
      if (compared === expected) return;
      last = `${compared} bars compared`;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      last = error.problem?.code ?? error.message;
    }
    found.spoiled++;
  }
  throw new Error(`${range.from_ms}: not all of ${expected} bars could be asked for again: ${last}`);
}
