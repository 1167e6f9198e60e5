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
import { startFake, TEST_ENV } from './fake-service.ts';

export interface Engine {
  readonly service: Service;
  readonly client: Client<typeof engineApi>;
}

export interface FakeStack extends AsyncDisposable {
  readonly engine: Client<typeof engineApi>;
  readonly database: TestDatabase;
  readonly executor: FakeExecutor;
  readonly controller: FakeController;
  readonly ingester: FakeIngester;
  readonly gate: FakeGate;
  /** One more process of the engine on the same database. */
  readonly startEngine: (overrides?: SessionOverrides, env?: Record<string, string>) => Promise<Engine>;
}

export interface StackOptions {
  readonly hasModel: boolean;
  readonly modelExpiresMs?: number;
  readonly trainedToMs?: number;
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
  const executor = new FakeExecutor(bars);
  const controller = new FakeController(params);
  const ingester = new FakeIngester(bars);
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
  const engines: Service[] = [];
  const startEngine: FakeStack['startEngine'] = async (overrides, env) => {
    const own = { DATABASE_URL: database.url('engine'), ...options.env, ...env };
    const service = await createApp({ ...TEST_ENV, ...peers, ...own }, overrides);
    engines.push(service);
    await service.listen();
    return { service, client: createClient(engineApi, { baseUrl: service.url }) };
  };
  const first = await startEngine(options.overrides);
  return {
    engine: first.client,
    database,
    executor,
    controller,
    ingester,
    gate,
    startEngine,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...engines, ...neighbours].map((one) => one.stop()));
      await database.drop();
    },
  };
}
