import type { PriceBar } from '@aistock/market';
import type { Client, dataIngesterApi, Output } from '@aistock/shared';
import { barFromWire } from '../../bar-from-wire.ts';

const PAGE_BARS = 10_000;
/** A month of minutes has five, a year of quarters of an hour four. */
const PAGES_MAX = 20;

export interface PeriodBars {
  readonly bars: readonly PriceBar[];
  /** When the last restated or late one of them was learned, Unix ms UTC; 0 where all are as first published. */
  readonly revisedMs: number;
}

type ServedBar = Output<typeof dataIngesterApi.bars>['bars'][number];

interface Wanted {
  readonly stream: string;
  /** Open times of the first and the last one at most, Unix ms UTC. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The bars of a period, as data_ingester knows them now, by its own clock: with a time of this process, whose clock may be
 * behind, a restated bar would be left out whose file is counted already.
 */
export async function readPeriod(
  ingester: Client<typeof dataIngesterApi>,
  { stream, fromMs, toMs }: Wanted,
): Promise<PeriodBars> {
  const bars: PriceBar[] = [];
  let revisedMs = 0;
  let next: number | null = fromMs;
  for (let page = 0; page < PAGES_MAX && next !== null; page++) {
    const query = { from_ms: String(next), to_ms: String(toMs + 1) };
    const answer: Awaited<ReturnType<typeof ingester.bars>> = await ingester.bars({
      query: { stream, ...query, detail: 'true', limit: String(PAGE_BARS) },
    });
    for (const bar of answer.bars) {
      bars.push(barFromWire(bar));
      if (bar.revision) revisedMs = Math.max(revisedMs, learnedMsOf(bar));
    }
    next = answer.next_from_ms;
  }
  if (next !== null) throw new Error(`${stream} has more than ${PAGES_MAX * PAGE_BARS} bars in a period`);
  return { bars, revisedMs };
}

function learnedMsOf({ open_ms: openMs, known_ms: knownMs }: ServedBar): number {
  if (knownMs === undefined) throw new Error(`when the bar of ${openMs} was restated was not told`);
  return knownMs;
}
