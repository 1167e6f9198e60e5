import { setTimeout as delay } from 'node:timers/promises';
import type { VenueSim } from '@aistock/venue_sim';
import type { Ingester } from './ingester.ts';

const PAGE_BARS = 10_000;
const EXAMPLES_MAX = 5;

export interface Comparison {
  readonly compared: number;
  readonly different: number;
  /** The first ones that differ, as `truth | curated`. */
  readonly examples: readonly string[];
}

/** A series as the venue and as the ingester calls it. */
export interface Series {
  readonly market: string;
  readonly stream: string;
}

/** Every bar that the service serves against every bar that the venue stands by, in order. */
export async function compareWithTruth(
  sim: VenueSim,
  ingester: Ingester,
  { market, stream }: Series,
): Promise<Comparison> {
  const truth = sim.truth.bars(market);
  const served = servedBars(ingester, stream);
  const examples: string[] = [];
  let [compared, different] = [0, 0];
  for (;;) {
    const [expected, actual] = [truth.next(), await served.next()];
    if (expected.done && actual.done) return { compared, different, examples };
    compared++;
    const [want, have] = [expected, actual].map(({ value }) =>
      value ? Object.values(value).join(' ') : 'none',
    );
    if (want === have) continue;
    different++;
    if (examples.length < EXAMPLES_MAX) examples.push(`${want} | ${have}`);
    if (expected.done || actual.done) return { compared, different, examples };
  }
}

async function* servedBars(ingester: Ingester, stream: string) {
  const client = ingester.client();
  for (let fromMs: number | null = 0; fromMs !== null;) {
    const page: Awaited<ReturnType<typeof client.bars>> = await client.bars({
      query: { stream, from_ms: String(fromMs), limit: String(PAGE_BARS) },
    });
    for (const { open_ms, open, high, low, close, volume } of page.bars)
      yield { open_ms, open, high, low, close, volume };
    fromMs = page.next_from_ms;
    await delay(0);
  }
}
