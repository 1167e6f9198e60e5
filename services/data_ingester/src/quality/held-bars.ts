import type { StoredBar } from '@aistock/lake';
import type { BarReader } from '../curated/bar-reader.ts';
import type { StreamSpec } from '../stream-spec.ts';

const PAGE_BARS = 10_000;

/** What is known by a time of the bars that open in [fromMs, toMs). */
export async function heldBars(
  reader: BarReader,
  stream: Pick<StreamSpec, 'stream' | 'timeframe' | 'calendar'>,
  { fromMs, toMs, asOfMs }: { readonly fromMs: number; readonly toMs: number; readonly asOfMs: number },
): Promise<StoredBar[]> {
  const held: StoredBar[] = [];
  for (let nextMs = fromMs; nextMs < toMs;) {
    const page = await reader.bars(stream, { fromMs: nextMs, toMs, asOfMs, limit: PAGE_BARS });
    held.push(...page);
    nextMs = page.length < PAGE_BARS ? toMs : page.at(-1)!.openMs + 1;
  }
  return held;
}
