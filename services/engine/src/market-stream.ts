import { closeMs, type Bar, type Calendar, type Timeframe } from '@aistock/market';
import { ServiceError } from '@aistock/service-kit';
import type { Bar as WireBar } from '@aistock/shared';
import { WINDOW_BARS_MAX } from '@aistock/trading/session';
import type { Neighbours } from './neighbours.ts';

/** A stream of bars, as data_ingester knows it. */
export interface MarketStream {
  readonly id: string;
  readonly instrument: string;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
}

const BARS_PER_PAGE = 5_000;
/** Bars that are held in memory at once, and worked on without a pause. */
const BARS_MAX = 300_000;

/** @throws ServiceError `stream_unknown`. */
export async function findStream({ ingester }: Neighbours, id: string): Promise<MarketStream> {
  const { streams } = await ingester.streams();
  const found = streams.find(({ stream }) => stream === id);
  if (found) return { id, ...pick(found) };
  const known = streams.map(({ stream }) => stream).join(', ') || 'none';
  throw new ServiceError('stream_unknown', 404, `there is no stream ${id}; known are ${known}`, {
    fields: [{ field: 'stream', message: `must be one of ${known}` }],
  });
}

function pick({ instrument, timeframe, calendar }: Omit<MarketStream, 'id'>): Omit<MarketStream, 'id'> {
  return { instrument, timeframe, calendar };
}

/** When a bar of the stream is complete. */
export function barCloseMs(stream: MarketStream, bar: Bar): number {
  return closeMs(bar.openMs, stream.timeframe, stream.calendar);
}

/** The bars that open at fromMs or later and had closed by asOfMs, in ascending order, a page at a time. */
export async function* barsBetween(
  { ingester }: Neighbours,
  stream: MarketStream,
  range: { readonly fromMs: number; readonly asOfMs: number },
): AsyncGenerator<Bar, void> {
  let next: number | null = range.fromMs;
  while (next !== null) {
    const page: { bars: WireBar[]; next_from_ms: number | null } = await ingester.bars({
      query: {
        stream: stream.id,
        from_ms: String(next),
        as_of_ms: String(range.asOfMs),
        limit: String(BARS_PER_PAGE),
      },
    });
    for (const bar of page.bars) yield fromWire(bar);
    next = page.next_from_ms;
  }
}

/** All of these bars at once. @throws ServiceError `bars_too_many` above the bound. */
export async function allBarsBetween(
  neighbours: Neighbours,
  stream: MarketStream,
  range: { readonly fromMs: number; readonly asOfMs: number },
): Promise<Bar[]> {
  const bars: Bar[] = [];
  for await (const bar of barsBetween(neighbours, stream, range)) {
    if (bars.length === BARS_MAX)
      throw new ServiceError(
        'bars_too_many',
        422,
        `the range holds more than ${BARS_MAX} bars; take a shorter one`,
      );
    bars.push(bar);
  }
  return bars;
}

/** As many bars as a strategy may look back on: the newest that open before `beforeMs` and had closed by `asOfMs`. */
export async function warmUpBars(
  { ingester }: Neighbours,
  stream: MarketStream,
  bounds: { readonly beforeMs?: number; readonly asOfMs: number },
): Promise<Bar[]> {
  const { bars } = await ingester.bars({
    query: {
      stream: stream.id,
      as_of_ms: String(bounds.asOfMs),
      newest: 'true',
      limit: String(WINDOW_BARS_MAX),
      ...(bounds.beforeMs === undefined ? {} : { to_ms: String(bounds.beforeMs) }),
    },
  });
  return bars.map(fromWire);
}

function fromWire({ open_ms, ...prices }: WireBar): Bar {
  return { openMs: open_ms, ...prices };
}
