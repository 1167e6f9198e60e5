import type { Bar } from '@aistock/market';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import { dataIngesterApi, type Bar as WireBar, type Verdict } from '@aistock/shared';
import { closeOfBar, type FakeSeries } from './fake-series.ts';

const { bars, streams, verdict } = dataIngesterApi;
export const fakeIngesterApi = { bars, streams, verdict } as const;

/** A small page, so that a session turns several. */
const PAGE_BARS = 50;

/** A data_ingester with one stream, of which so many bars are there as were told. */
export class FakeIngester {
  /** What it says of the stream; `silent` is no answer at all. */
  quality: Verdict | 'silent' = 'pass';
  /** Calls that wait for a bar now. */
  waiting = 0;
  /** What becomes of the bars of an answer on their way; a test may make nonsense of them. */
  spoil: (page: readonly WireBar[]) => readonly WireBar[] = (page) => page;
  readonly #series: FakeSeries;
  #count: number;
  #bell = Promise.withResolvers<void>();

  constructor(series: FakeSeries) {
    this.#series = series;
    this.#count = series.bars.length;
  }

  /** Shows so many bars of the series from now on, and wakes those who wait for one. */
  show(count: number): void {
    this.#count = count;
    this.#bell.resolve();
    this.#bell = Promise.withResolvers<void>();
  }

  readonly handlers: Handlers<typeof fakeIngesterApi> = {
    verdict: async ({ params }) => {
      const told = this.quality;
      if (told === 'silent') throw new ServiceError('broken', 500, 'nothing is known');
      return { stream: params.id, verdict: told, reasons: told === 'pass' ? [] : ['for a test'] };
    },
    bars: async ({ query }, { signal, gone }) => {
      const deadlineMs = performance.now() + (query.wait_ms ?? 0);
      for (;;) {
        const { promise: rung } = this.#bell;
        const found = this.#find(query);
        const leftMs = deadlineMs - performance.now();
        if (found.length > 0 || leftMs <= 0) return this.#page(found, query);
        this.waiting++;
        await Promise.race([rung, pause(leftMs, AbortSignal.any([signal, gone]))]);
        this.waiting--;
        signal.throwIfAborted();
        gone.throwIfAborted();
      }
    },
    streams: async () => ({
      streams: [
        {
          stream: this.#series.stream,
          source: 'csv',
          instrument: this.#series.instrument,
          timeframe: this.#series.timeframe,
          calendar: this.#series.calendar,
          watermark_ms: this.#series.bars.at(-1)?.openMs ?? null,
          bars: this.#series.bars.length,
          first_open_ms: this.#series.bars[0]?.openMs ?? null,
          last_open_ms: this.#series.bars.at(-1)?.openMs ?? null,
          files: { downloaded: 0, processing: 0, processed: 0, quarantined: 0, failed: 0 },
          gaps: 0,
          source_range: null,
        },
      ],
    }),
  };

  #find(query: {
    from_ms?: number | undefined;
    to_ms?: number | undefined;
    as_of_ms?: number | undefined;
  }): Bar[] {
    const { from_ms: fromMs = 0, to_ms: toMs = Infinity, as_of_ms: asOfMs = Infinity } = query;
    return this.#series.bars
      .slice(0, this.#count)
      .filter((bar) => bar.openMs >= fromMs && bar.openMs < toMs && closeOfBar(this.#series, bar) <= asOfMs);
  }

  #page(found: readonly Bar[], query: { newest?: boolean | undefined; limit?: number | undefined }) {
    const page = query.newest ? found.slice(-(query.limit ?? 1)) : found.slice(0, PAGE_BARS);
    const next = query.newest ? undefined : found[PAGE_BARS];
    return {
      stream: this.#series.stream,
      bars: [...this.spoil(page.map(({ openMs, ...prices }) => ({ open_ms: openMs, ...prices })))],
      next_from_ms: next?.openMs ?? null,
    };
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
