import { compareBars } from '@aistock/market';
import { isTradesOnly, SourceError } from '@aistock/venues';
import type { Comparison, ConfiguredStream } from '../stream-spec.ts';
import { differencesByDay } from './differences-by-day.ts';
import type { Compared } from './difference-store.ts';
import { fetchTheirs } from './fetch-theirs.ts';
import type { RegisteredChunk } from './registered-chunk.ts';

/**
 * Asks the other source for the time of a chunk, and compares. Where bars of trades are compared a missing one says
 * nothing: it is no difference.
 * @throws SourceError.
 */
export async function compareChunk(chunk: RegisteredChunk, terms: Comparison): Promise<Compared> {
  const { stream, source, bars } = chunk;
  const { against, toleranceBps } = terms;
  if (source === against.name) return skippedChunk(chunk, terms, `${source} gave the bars itself`);
  const { compared, undecided, differences } = compareBars(bars, await fetchTheirs(terms, stream, chunk), {
    toleranceBps,
  });
  const told = bothSayWhatIsMissing(stream, terms)
    ? differences
    : differences.filter(({ kind }) => kind === 'price' || kind === 'volume');
  return {
    stream: stream.stream,
    against: against.name,
    comparedBars: compared,
    undecidedBars: undecided,
    skippedBars: 0,
    problem: undefined,
    days: differencesByDay(told),
  };
}

function bothSayWhatIsMissing({ gapMeaning, timeframe }: ConfiguredStream, { against }: Comparison): boolean {
  return gapMeaning === 'session' && !isTradesOnly(against, timeframe);
}

/** A chunk that was not compared, and why. */
export function skippedChunk(
  { stream, bars }: RegisteredChunk,
  { against }: Comparison,
  problem: string,
): Compared {
  return {
    stream: stream.stream,
    against: against.name,
    comparedBars: 0,
    undecidedBars: 0,
    skippedBars: bars.length,
    problem,
    days: [],
  };
}

/** What to say of a comparison that failed. */
export function problemOf(error: unknown): string {
  return error instanceof SourceError ? `${error.code}: ${error.message}` : String(error);
}
