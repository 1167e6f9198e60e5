import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Calendar } from '@aistock/market';
import { dataIngesterApi, type Bar } from '@aistock/shared';

export const DAY_MS = 86_400_000;
const RETRY_LATER = 503;

/** How data_ingester behaves: well, or in one of the ways in which a neighbour fails. */
export type Mood = 'well' | 'broken' | 'garbage' | 'silent';

/** A data_ingester that serves daily bars from memory, by its contract. */
export class FakeIngester {
  mood: Mood = 'well';
  readonly #streams = new Map<string, Bar[]>();
  readonly #calendars = new Map<string, Calendar>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(new URL(request.url ?? '/', 'http://localhost'), response);
    });
  }

  static async start(): Promise<FakeIngester> {
    const fake = new FakeIngester();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts bars of a stream in the place of those before; day 0 opens at 1970-01-01. */
  setBars(stream: string, bars: readonly Bar[], calendar: Calendar = 'always'): void {
    this.#streams.set(stream, [...bars]);
    this.#calendars.set(stream, calendar);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(url: URL, response: ServerResponse): void {
    if (this.mood === 'silent') return;
    if (this.mood === 'broken') return send(response, RETRY_LATER, {});
    if (this.mood === 'garbage') return send(response, 200, { bars: 'none', price: -1 });
    if (url.pathname === '/bars') return send(response, 200, this.#bars(url));
    if (url.pathname === '/streams') return send(response, 200, { streams: this.#states() });
    return send(response, 200, { pong: true });
  }

  #bars(url: URL): unknown {
    const query = dataIngesterApi.bars.query?.parse(Object.fromEntries(url.searchParams));
    if (!query) throw new Error('GET /bars takes a query');
    const { stream, from_ms: fromMs = 0, to_ms: toMs = Infinity, as_of_ms: asOfMs = Infinity } = query;
    const bars = (this.#streams.get(stream) ?? []).filter(
      ({ open_ms: openMs }) => openMs >= fromMs && openMs < toMs && openMs + DAY_MS <= asOfMs,
    );
    const limit = query.limit ?? bars.length;
    const page = query.newest ? bars.slice(Math.max(0, bars.length - limit)) : bars.slice(0, limit);
    const next = query.newest ? undefined : bars[limit];
    return { stream, bars: page, next_from_ms: next?.open_ms ?? null };
  }

  #states(): unknown[] {
    return [...this.#streams].map(([stream, bars]) => ({
      stream,
      source: 'csv',
      instrument: stream.split(':').slice(1, -1).join(':'),
      timeframe: '1d',
      calendar: this.#calendars.get(stream),
      watermark_ms: null,
      bars: bars.length,
      first_open_ms: null,
      last_open_ms: null,
      source_range: null,
      files: { downloaded: 0, processing: 0, processed: 0, quarantined: 0, failed: 0 },
      gaps: 0,
    }));
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A daily bar that opens at the open and closes at the close, a little beyond both in between. */
export function dailyBar(day: number, open: number, close = open): Bar {
  return {
    open_ms: day * DAY_MS,
    open: String(open),
    high: String(Math.max(open, close) + 1),
    low: String(Math.min(open, close) - 1),
    close: String(close),
    volume: '1000',
  };
}
