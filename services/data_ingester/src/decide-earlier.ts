import { findGaps, type Bar } from '@aistock/market';
import { decideChunk, type ChunkContext, type ChunkDecision } from './decide-chunk.ts';

/**
 * What is to be done with bars that a source gave for the time before a stream's first bar. Bars from there on are the
 * stream's own already and are passed over; what is missing up to the first bar is a gap.
 */
export function decideEarlier(
  fetched: readonly Bar[],
  context: Omit<ChunkContext, 'watermarkMs'> & { readonly beforeMs: number },
): ChunkDecision {
  const { beforeMs, ...schedule } = context;
  const earlier = fetched.filter((bar) => !(bar.openMs >= beforeMs));
  const decision = decideChunk(earlier, { ...schedule, watermarkMs: null });
  if (decision.kind !== 'register') return decision;
  const opens = [...decision.bars.map((bar) => bar.openMs), beforeMs];
  return { ...decision, gaps: findGaps(opens, schedule) };
}
