import { SourceError, type FetchedBars } from '@aistock/venues';
import { fetchChunk, type FetchedChunk } from './fetch-chunk.ts';
import type { ConfiguredStream } from './stream-spec.ts';

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  /** A source may give it in so many pages. */
  readonly requestsMax: number;
}

/**
 * All bars of a window, and what a source gives besides, in as many requests as it takes for that.
 * @throws SourceError also where another source of a chain takes over in between, for a file is of one source.
 */
export async function fetchWindow(
  stream: ConfiguredStream,
  { fromMs, toMs, requestsMax }: Window,
): Promise<FetchedChunk> {
  const pages: FetchedBars[] = [];
  let clockMs = Infinity;
  let nextMs = fromMs;
  for (let request = 0; request < requestsMax; request++) {
    const chunk = await fetchChunk(stream, { sinceMs: nextMs, limit: stream.chunkBars }, undefined);
    if (chunk.fetched instanceof SourceError) return chunk;
    assertSameSource(pages.at(-1), chunk.fetched);
    pages.push(chunk.fetched);
    clockMs = Math.min(clockMs, chunk.clockMs);
    const lastMs = chunk.fetched.bars.at(-1)?.openMs;
    if (!chunk.fetched.more || lastMs === undefined || lastMs + 1 >= toMs || lastMs < nextMs)
      return { clockMs, fetched: joined(pages) };
    nextMs = lastMs + 1;
  }
  const window = `${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
  throw new SourceError(
    'source_stuck',
    `${stream.stream}: ${window} takes more than ${requestsMax} requests`,
  );
}

function assertSameSource(before: FetchedBars | undefined, { source }: FetchedBars): void {
  if (before === undefined || before.source === source) return;
  throw new SourceError('source_unreachable', `${source} took over from ${before.source}; ask again`);
}

function joined(pages: readonly FetchedBars[]): FetchedBars {
  return {
    ...pages.at(-1)!,
    bars: pages.flatMap(({ bars }) => bars),
    provenance: pages.flatMap(({ provenance }) => provenance),
    actions: pages.flatMap(({ actions = [] }) => actions),
    unserved: pages.flatMap(({ unserved = [] }) => unserved),
  };
}
