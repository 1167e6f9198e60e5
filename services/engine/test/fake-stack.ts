import type { Bar } from '@aistock/market';
import { ServiceError, type Handlers, type Service } from '@aistock/service-kit';
import {
  createClient,
  dataIngesterApi,
  engineApi,
  riskGateApi,
  type Client,
  type Verdict,
} from '@aistock/shared';
import { createApp } from '../src/app.ts';
import { FakeController, fakeControllerApi } from './fake-controller.ts';
import { ACCOUNT, FakeExecutor, fakeExecutorApi } from './fake-executor.ts';
import { fakeModelApi, fakeModelHandlers } from './fake-model.ts';
import { closeOf, INSTRUMENT, STREAM } from './fake-series.ts';
import { startFake, TEST_ENV } from './fake-service.ts';

const fakeIngesterApi = {
  bars: dataIngesterApi.bars,
  streams: dataIngesterApi.streams,
  verdict: dataIngesterApi.verdict,
} as const;
const fakeGateApi = { limits: riskGateApi.limits } as const;

export interface FakeStack extends AsyncDisposable {
  readonly engine: Client<typeof engineApi>;
  readonly executor: FakeExecutor;
  readonly controller: FakeController;
  /** What data_ingester says of the stream; `silent` is no answer at all. */
  quality: Verdict | 'silent';
}

/** The engine, and fakes of its neighbours that speak the real contracts. */
export async function startFakeStack(
  bars: readonly Bar[],
  params: Record<string, number>,
  options: { hasModel: boolean; modelExpiresMs?: number; trainedToMs?: number } = { hasModel: true },
): Promise<FakeStack> {
  const executor = new FakeExecutor(bars);
  const controller = new FakeController(params);
  const neighbours = await Promise.all([
    startFake(
      'data_ingester',
      fakeIngesterApi,
      ingesterHandlers(bars, () => stack.quality),
    ),
    startFake('param_controller', fakeControllerApi, controller.handlers),
    startFake('ml_service', fakeModelApi, fakeModelHandlers(bars, options)),
    startFake('risk_gate', fakeGateApi, gateHandlers),
    startFake('executor', fakeExecutorApi, executor.handlers),
  ]);
  const urls = neighbours.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]);
  const service = await createApp({ ...TEST_ENV, ...(Object.fromEntries(urls) as Record<string, string>) });
  await service.listen();
  const all: Service[] = [service, ...neighbours];
  const stack: FakeStack = {
    quality: 'pass',
    engine: createClient(engineApi, { baseUrl: service.url }),
    executor,
    controller,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
  return stack;
}

/** A small page, so that a session turns several. */
const PAGE_BARS = 50;

function ingesterHandlers(
  bars: readonly Bar[],
  quality: () => FakeStack['quality'],
): Handlers<typeof fakeIngesterApi> {
  return {
    verdict: async ({ params }) => {
      const verdict = quality();
      if (verdict === 'silent') throw new ServiceError('broken', 500, 'nothing is known');
      return { stream: params.id, verdict, reasons: verdict === 'pass' ? [] : ['for a test'] };
    },
    bars: async ({ query }) => {
      const { from_ms: fromMs = 0, to_ms: toMs = Infinity, as_of_ms: asOfMs = Infinity } = query;
      const found = bars.filter((bar) => bar.openMs >= fromMs && bar.openMs < toMs && closeOf(bar) <= asOfMs);
      const page = query.newest ? found.slice(-(query.limit ?? 1)) : found.slice(0, PAGE_BARS);
      const next = query.newest ? undefined : found[PAGE_BARS];
      return {
        stream: STREAM,
        bars: page.map(({ openMs, ...prices }) => ({ open_ms: openMs, ...prices })),
        next_from_ms: next?.openMs ?? null,
      };
    },
    streams: async () => ({
      streams: [
        {
          stream: STREAM,
          source: 'csv',
          instrument: INSTRUMENT,
          timeframe: '1d',
          calendar: 'always',
          watermark_ms: bars.at(-1)?.openMs ?? null,
          bars: bars.length,
          first_open_ms: bars[0]?.openMs ?? null,
          last_open_ms: bars.at(-1)?.openMs ?? null,
          files: { downloaded: 0, processing: 0, processed: 0, quarantined: 0, failed: 0 },
          gaps: 0,
          source_range: null,
        },
      ],
    }),
  };
}

const gateHandlers: Handlers<typeof fakeGateApi> = {
  limits: async () => ({
    accounts: [
      {
        version: 1,
        set_ms: 0,
        by: 'test',
        limits: {
          account: ACCOUNT,
          clock: 'replay',
          strategies: ['trend_following'],
          restricted: [],
          duplicate_window_ms: 0,
          gross_notional_max: '1000000',
          instruments: {
            [INSTRUMENT]: {
              price_stream: STREAM,
              price_age_ms_max: 1,
              tick_size: '0.01',
              lot_size: '0.01',
              quantity_max: '1000000',
              notional_min: '0',
              notional_max: '1000000',
              collar_bps: 100,
              gross_notional_max: '1000000',
            },
          },
        },
      },
    ],
  }),
};
