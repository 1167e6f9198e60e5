import { closeMs, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Bar as WireBar } from '@aistock/shared';
import type { Neighbours } from './neighbours.ts';

/** A stream of bars, as data_ingester knows it. */
export interface MarketStream {
  readonly id: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
}

/** No strategy looks further back than this. */
export const LOOKBACK_BARS = 2_048;
const BARS_PER_PAGE = 5_000;

/** @throws ServiceError `stream_unknown`. */
export async function findStream(neighbours: Neighbours, id: string): Promise<MarketStream> {
  const [stream] = await knownStreams(neighbours, [id]);
  return stream!;
}

/** The streams of these ids, in their order. @throws ServiceError `stream_unknown` for the first that there is not. */
export async function knownStreams(
  { ingester }: Neighbours,
  ids: readonly string[],
): Promise<MarketStream[]> {
  const { streams } = await ingester.streams();
  return ids.map((id) => {
    const found = streams.find(({ stream }) => stream === id);
    if (found) return { id, ...pick(found) };
    const known = streams.map(({ stream }) => stream).join(', ') || 'none';
    throw new ServiceError('stream_unknown', 404, `there is no stream ${id}; known are ${known}`, {
      fields: [{ field: 'stream', message: `must be one of ${known}` }],
    });
  });
}

function pick({ instrument, timeframe, calendar }: Omit<MarketStream, 'id'>): Omit<MarketStream, 'id'> {
  return { instrument, timeframe, calendar };
}

/** When a bar of the stream is complete. */
export function barCloseMs(stream: MarketStream, bar: Bar): number {
  return closeMs(bar.openMs, stream.timeframe, stream.calendar);
}

/** Bars that open at `fromMs` or later, before `toMs`, and had closed by `asOfMs`, as the store knew them at `knownMs`. */
export interface BarRange {
  readonly fromMs: number;
  readonly toMs?: number;
  readonly asOfMs: number;
  readonly knownMs?: number;
}

/** The bars of a range in ascending order, a page at a time. */
export async function* barPages(
  { ingester }: Neighbours,
  stream: MarketStream,
  { fromMs, toMs, asOfMs, knownMs }: BarRange,
): AsyncGenerator<readonly Bar[], void> {
  let next: number | null = fromMs;
  while (next !== null) {
    const page: { bars: WireBar[]; next_from_ms: number | null } = await ingester.bars({
      query: {
        stream: stream.id,
        from_ms: String(next),
        as_of_ms: String(asOfMs),
        limit: String(BARS_PER_PAGE),
        ...(toMs === undefined ? {} : { to_ms: String(toMs) }),
        ...(knownMs === undefined ? {} : { known_ms: String(knownMs) }),
      },
    });
    yield page.bars.map(fromWire);
    next = page.next_from_ms;
  }
}

/** The same bars one by one. */
export async function* barsBetween(
  neighbours: Neighbours,
  stream: MarketStream,
  range: BarRange,
): AsyncGenerator<Bar, void> {
  for await (const page of barPages(neighbours, stream, range)) yield* page;
}

/** Bars to look back on: the newest that open before `beforeMs` and had closed by `asOfMs`. */
export async function warmUpBars(
  { ingester }: Neighbours,
  stream: MarketStream,
  bounds: { readonly beforeMs?: number; readonly asOfMs: number; readonly limit?: number },
): Promise<Bar[]> {
  const { bars } = await ingester.bars({
    query: {
      stream: stream.id,
      as_of_ms: String(bounds.asOfMs),
      newest: 'true',
      limit: String(bounds.limit ?? LOOKBACK_BARS),
      ...(bounds.beforeMs === undefined ? {} : { to_ms: String(bounds.beforeMs) }),
    },
  });
  return bars.map(fromWire);
}

export function fromWire({ open_ms, ...prices }: WireBar): Bar {
  return { openMs: open_ms, ...prices };
}
