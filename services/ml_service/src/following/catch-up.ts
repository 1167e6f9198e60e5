import { TIMEFRAME_MS, type PriceBar } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Client, dataIngesterApi, Output } from '@aistock/shared';
import { barFromWire } from '../bar-from-wire.ts';
import type { NamedModel } from '../registry/snapshot.ts';

const PAGE_BARS = 10_000;
/** Bars in one answer at most: a million, which is two years of minutes. */
const PAGES_MAX = 100;
/** No bar closes sooner after the one before it opened: a short session on the day after the clocks go forward. */
const NEXT_CLOSE_BARS = 1.5;

/** What a model makes of a stream, bar after bar. */
export interface FollowedStream {
  /** Open time of the bar that it begins with. */
  readonly filterFromMs: number;
  /** Undefined before the first bar. */
  lastSeenMs(): number | undefined;
  /** Goes on over bars in order of time; those that were seen already are left out. */
  extend(bars: readonly PriceBar[]): void;
  /** When the last restated or late bar of what was seen was learned, Unix ms UTC: it says nothing of an earlier time. */
  revisedMs: number;
}

type BarsPage = Output<typeof dataIngesterApi.bars>;

function revisedMs(bars: BarsPage['bars']): number {
  return bars.reduce(
    (last, { revision, known_ms: knownMs = 0 }) => (revision ? Math.max(last, knownMs) : last),
    0,
  );
}

/** Fetches the bars that closed by then and have not been seen. A page at a time, so that work done is never lost. */
export async function catchUp(
  ingester: Client<typeof dataIngesterApi>,
  followed: FollowedStream,
  { stream, timeframe, asOfMs }: Pick<NamedModel, 'stream' | 'timeframe'> & { readonly asOfMs: number },
): Promise<void> {
  const seenMs = followed.lastSeenMs();
  if (seenMs !== undefined && asOfMs < seenMs + NEXT_CLOSE_BARS * TIMEFRAME_MS[timeframe]) return;
  let fromMs: number | null = seenMs === undefined ? followed.filterFromMs : seenMs + 1;
  for (let page = 0; page < PAGES_MAX && fromMs !== null; page++) {
    const { bars, next_from_ms: next }: BarsPage = await ingester.bars({
      query: {
        stream,
        from_ms: String(fromMs),
        as_of_ms: String(asOfMs),
        detail: 'true',
        limit: String(PAGE_BARS),
      },
    });
    followed.revisedMs = Math.max(followed.revisedMs, revisedMs(bars));
    followed.extend(bars.map(barFromWire));
    fromMs = next;
  }
  if (fromMs !== null)
    throw new ServiceError(
      'too_many_bars',
      503,
      `${stream} has more bars than one answer can filter; ask again`,
    );
}
