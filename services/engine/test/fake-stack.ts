import type { Bar } from '@aistock/market';
import type { Service } from '@aistock/service-kit';
import { createClient, engineApi, type Client } from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { createApp } from '../src/app.ts';
import type { SessionOverrides } from '../src/session/open-sessions.ts';
import { FakeController, fakeControllerApi } from './fake-controller.ts';
import { FakeExecutor, fakeExecutorApi } from './fake-executor.ts';
import { FakeGate, fakeGateApi } from './fake-gate.ts';
import { FakeIngester, fakeIngesterApi } from './fake-ingester.ts';
import { fakeModelApi, fakeModelHandlers } from './fake-model.ts';
import { dailySeries, type FakeSeries } from './fake-series.ts';
import { startFake, TEST_ENV } from './fake-service.ts';

export interface Engine {
  readonly service: Service;
  readonly client: Client<typeof engineApi>;
}

export interface FakeStack extends AsyncDisposable {
  readonly engine: Client<typeof engineApi>;
  /** Of the first engine. */
  readonly url: string;
  readonly stopFirst: () => Promise<void>;
  readonly database: TestDatabase;
  readonly executor: FakeExecutor;
  readonly controller: FakeController;
  readonly ingester: FakeIngester;
  readonly gate: FakeGate;
  /** What a process of the engine needs to be told to find all of this. */
  readonly env: Readonly<Record<string, string>>;
  /** One more process of the engine on the same database. */
  readonly startEngine: (overrides?: SessionOverrides, env?: Record<string, string>) => Promise<Engine>;
}

export interface StackOptions {
  readonly hasModel: boolean;
  readonly modelExpiresMs?: number;
  readonly demotedFromMs?: number;
  readonly trainedToMs?: number;
  /** In place of daily bars; without a model. */
  readonly series?: FakeSeries;
  readonly overrides?: SessionOverrides;
  readonly env?: Record<string, string>;
}

/** The engine on a database of its own, and fakes of its neighbours that speak the real contracts. */
export async function startFakeStack(
  bars: readonly Bar[],
  params: Record<string, number>,
  options: StackOptions = { hasModel: true },
): Promise<FakeStack> {
  const database = await createTestDatabase();
  const series = options.series ?? dailySeries(bars);
  const executor = new FakeExecutor(series);
  const controller = new FakeController(params);
  const ingester = new FakeIngester(series);
  const gate = new FakeGate();
  const neighbours = await Promise.all([
    startFake('data_ingester', fakeIngesterApi, ingester.handlers),
    startFake('param_controller', fakeControllerApi, controller.handlers),
    startFake('ml_service', fakeModelApi, fakeModelHandlers(bars, options)),
    startFake('risk_gate', fakeGateApi, gate.handlers),
    startFake('executor', fakeExecutorApi, executor.handlers),
  ]);
  const urls = neighbours.map(({ name, url }) => [`${name.toUpperCase()}_URL`, url]);
  const peers = Object.fromEntries(urls) as Record<string, string>;
  const known = { ...TEST_ENV, ...peers, DATABASE_URL: database.url('engine'), ...options.env };
  const engines: Service[] = [];
  const startEngine: FakeStack['startEngine'] = async (overrides, env) => {
    const service = await createApp({ ...known, ...env }, overrides);
    engines.push(service);
    await service.listen();
    return { service, client: createClient(engineApi, { baseUrl: service.url }) };
  };
  const first = await startEngine(options.overrides);
  return {
    engine: first.client,
    url: first.service.url,
    stopFirst: () => first.service.stop(),
    database,
    executor,
    controller,
    ingester,
    gate,
    env: known,
    startEngine,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...engines, ...neighbours].map((one) => one.stop()));
      await database.drop();
    },
  };
}
