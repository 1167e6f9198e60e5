import { closeMs, type Bar } from '@aistock/market';
import { baseEnv, createService, loadConfig, type Handlers, type Service } from '@aistock/service-kit';
import { dataIngesterApi, type Verdict } from '@aistock/shared';
import { z } from 'zod';
import { STREAM } from './sp500.ts';

/** A data_ingester that serves the bars that a test gives it, over real HTTP. */
export interface FakeIngester {
  readonly service: Service;
  bars: Bar[];
  /** Bars in place of the first ones, from when on they are known. */
  restated: { readonly bar: Bar; readonly knownMs: number }[];
  verdict: Verdict;
  reasons: string[];
  /** Why the curated store does not hold a file; undefined where it holds every one. */
  notHeld: string | undefined;
  /** Bars are served once this has settled; undefined for at once. */
  hold: Promise<void> | undefined;
  /** Called with each query of GET /bars. */
  onAsked: () => void;
  /** Queries of GET /bars so far. */
  readonly asked: Record<string, unknown>[];
}

const LIMIT = 1_000;

const fakeApi = {
  bars: dataIngesterApi.bars,
  verdict: dataIngesterApi.verdict,
  heldFile: dataIngesterApi.heldFile,
  streams: dataIngesterApi.streams,
} as const;

export async function startFakeIngester(): Promise<FakeIngester> {
  const asked: Record<string, unknown>[] = [];
  const handlers: Handlers<typeof fakeApi> = {
    verdict: async ({ params }) => ({ stream: params.id, verdict: fake.verdict, reasons: fake.reasons }),
    streams: async () => ({
      streams: [
        {
          stream: STREAM,
          source: 'csv',
          instrument: 'SP500',
          timeframe: '1d',
          calendar: 'xnys',
          watermark_ms: null,
          bars: fake.bars.length,
          first_open_ms: fake.bars[0]?.openMs ?? null,
          last_open_ms: fake.bars.at(-1)?.openMs ?? null,
          files: { downloaded: 0, processing: 0, processed: 0, quarantined: 0, failed: 0 },
          gaps: 0,
          source_range: null,
        },
      ],
    }),
    heldFile: async ({ params }) => {
      const held = fake.notHeld === undefined;
      const detail = fake.notHeld ?? null;
      return { ...params, rows: 1, held, bars_sha256: held ? 'b'.repeat(64) : null, detail };
    },
    bars: async ({ query }) => {
      asked.push(query);
      fake.onAsked();
      await fake.hold;
      const {
        stream,
        from_ms = 0,
        to_ms = Infinity,
        as_of_ms = Infinity,
        newest = false,
        limit = LIMIT,
      } = query;
      const matching = fake.bars.filter(
        (bar) => bar.openMs >= from_ms && bar.openMs < to_ms && closeMs(bar.openMs, '1d', 'xnys') <= as_of_ms,
      );
      const page = newest ? matching.slice(-limit) : matching.slice(0, limit);
      return {
        stream,
        bars: page.map((bar) => toWire(bar, fake.restated, as_of_ms)),
        next_from_ms: !newest && matching.length > limit ? matching[limit]!.openMs : null,
      };
    },
  };
  const env = { PORT: '0', LOG_LEVEL: 'silent', DATABASE_URL: 'postgres://none@127.0.0.1:1/none' };
  const config = loadConfig(z.object(baseEnv), env);
  const service = createService({ name: 'data_ingester', api: fakeApi, config, handlers });
  const fake: FakeIngester = {
    service,
    bars: [],
    restated: [],
    verdict: 'pass',
    reasons: [],
    notHeld: undefined,
    hold: undefined,
    onAsked: () => undefined,
    asked,
  };
  await service.listen();
  return fake;
}

/** As data_ingester tells a bar in detail: what was first published of it, or what was restated by then. */
function toWire(first: Bar, restated: FakeIngester['restated'], asOfMs: number) {
  const revised = restated.find(({ bar, knownMs }) => bar.openMs === first.openMs && knownMs <= asOfMs);
  const { openMs, ...prices } = revised?.bar ?? first;
  return {
    open_ms: openMs,
    ...prices,
    source: 'test',
    known_ms: revised?.knownMs ?? openMs,
    revision: revised ? 1 : 0,
  };
}
