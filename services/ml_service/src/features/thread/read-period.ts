import type { PriceBar } from '@aistock/market';
import type { Client, dataIngesterApi } from '@aistock/shared';
import { barFromWire } from '../../bar-from-wire.ts';

const PAGE_BARS = 10_000;
/** A month of minutes has five, a year of quarters of an hour four. */
const PAGES_MAX = 20;

export interface PeriodBars {
  readonly bars: readonly PriceBar[];
  /** When the last restated or late one of them was learned, Unix ms UTC; 0 where all are as first published. */
  readonly revisedMs: number;
}

interface Wanted {
  readonly stream: string;
  /** Open times of the first and the last one at most, Unix ms UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly asOfMs: number;
}

/** The bars of a period, as they were known at a time. */
export async function readPeriod(
  ingester: Client<typeof dataIngesterApi>,
  { stream, fromMs, toMs, asOfMs }: Wanted,
): Promise<PeriodBars> {
  const bars: PriceBar[] = [];
  let revisedMs = 0;
  let next: number | null = fromMs;
  for (let page = 0; page < PAGES_MAX && next !== null; page++) {
    const query = { from_ms: String(next), to_ms: String(toMs + 1), as_of_ms: String(asOfMs) };
    const answer: Awaited<ReturnType<typeof ingester.bars>> = await ingester.bars({
      query: { stream, ...query, detail: 'true', limit: String(PAGE_BARS) },
    });
    for (const bar of answer.bars) {
      bars.push(barFromWire(bar));
      if (bar.revision) revisedMs = Math.max(revisedMs, bar.known_ms ?? asOfMs);
    }
    next = answer.next_from_ms;
  }
  if (next !== null) throw new Error(`${stream} has more than ${PAGES_MAX * PAGE_BARS} bars in a period`);
  return { bars, revisedMs };
}
