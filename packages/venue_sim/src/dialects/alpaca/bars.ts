import type { Bar } from '@aistock/market';
import type { SimMarket } from '../../markets/sim-market.ts';
import type { VenueAnswer, VenueRequest, VenueView } from '../dialect.ts';
import { barsQuery, type BarsQuery } from './bars-query.ts';
import { parsePageToken, pageToken, type PagePosition } from './page-token.ts';
import { problem } from './problem.ts';

export function stockBars(request: VenueRequest, view: VenueView): VenueAnswer {
  return bars(request, {
    ...view,
    markets: view.markets.filter(({ instrument }) => !instrument.includes('/')),
  });
}

export function cryptoBars(request: VenueRequest, view: VenueView): VenueAnswer {
  return bars(request, {
    ...view,
    markets: view.markets.filter(({ instrument }) => instrument.includes('/')),
  });
}

/** Symbols come one after the other, each with its bars in order; the limit is of all together. */
function bars({ query }: VenueRequest, view: VenueView): VenueAnswer {
  const asked = barsQuery(query, view.nowMs);
  if (typeof asked === 'string') return problem(400, asked);
  const position = asked.pageToken === undefined ? undefined : parsePageToken(asked.pageToken);
  if (asked.pageToken !== undefined && !position) return problem(400, 'invalid page_token');
  const { pages, next } = readPages(asked, position, view);
  const bySymbol = pages.map(([symbol, page]) => `${JSON.stringify(symbol)}:[${page.map(row).join(',')}]`);
  const token = next ? `"${pageToken(next)}"` : 'null';
  return { status: 200, body: `{"bars":{${bySymbol.join(',')}},"next_page_token":${token}}` };
}

interface Pages {
  readonly pages: readonly (readonly [symbol: string, page: readonly Bar[]])[];
  readonly next: PagePosition | undefined;
}

function readPages(asked: BarsQuery, position: PagePosition | undefined, view: VenueView): Pages {
  const pages: [string, readonly Bar[]][] = [];
  let room = asked.limit;
  for (const symbol of asked.symbols) {
    if (position && symbol < position.symbol) continue;
    const market = marketOf(symbol, asked, view);
    if (!market) continue;
    const afterMs = position?.symbol === symbol ? position.openMs : undefined;
    const page = readPage(market, { ...asked, ...rangeAfter(asked, afterMs), limit: room }, view);
    if (page.length === 0) continue;
    pages.push([symbol, page]);
    room -= page.length;
    if (room <= 0) return { pages, next: { symbol, openMs: furthest(page, asked.newestFirst) } };
  }
  return { pages, next: undefined };
}

/** What the next page begins behind, whatever order the rows are in. */
function furthest(page: readonly Bar[], newestFirst: boolean): number {
  return page.reduce(
    (far, { openMs }) => (newestFirst ? Math.min(far, openMs) : Math.max(far, openMs)),
    page[0]!.openMs,
  );
}

function rangeAfter(
  { fromMs, untilMs, newestFirst }: BarsQuery,
  afterMs: number | undefined,
): Pick<BarsQuery, 'fromMs' | 'untilMs'> {
  if (afterMs === undefined) return { fromMs, untilMs };
  return newestFirst ? { fromMs, untilMs: afterMs - 1 } : { fromMs: afterMs + 1, untilMs };
}

function readPage(market: SimMarket, asked: BarsQuery, view: VenueView): readonly Bar[] {
  const { fromMs, untilMs, limit } = asked;
  if (!asked.newestFirst) return view.page(market, { fromMs, untilMs, limit });
  const page = view.page(market, { fromMs: undefined, untilMs, limit });
  return page.filter(({ openMs }) => openMs >= fromMs).toReversed();
}

function marketOf(symbol: string, asked: BarsQuery, { markets }: VenueView): SimMarket | undefined {
  return markets.find(
    ({ instrument, bars: series, feed, adjustment }) =>
      instrument === symbol &&
      series.timeframe === asked.timeframe &&
      (feed ?? asked.feed) === asked.feed &&
      (adjustment ?? asked.adjustment) === asked.adjustment,
  );
}

/** Numbers are JSON numbers, here with every digit of the bar. */
function row({ openMs, open, high, low, close, volume }: Bar): string {
  const time = new Date(openMs).toISOString().replace('.000Z', 'Z');
  const trades = volume === '0' ? 0 : 1;
  return `{"t":"${time}","o":${open},"h":${high},"l":${low},"c":${close},"v":${volume},"n":${trades},"vw":${close}}`;
}
