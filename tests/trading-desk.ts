import { randomUUID } from 'node:crypto';
import { createApp as createExecutor, type Overrides } from '@aistock/executor';
import { createApp as createGate } from '@aistock/risk-gate';
import type { Service } from '@aistock/service-kit';
import {
  createClient,
  executorApi,
  operationsApi,
  riskGateApi,
  type Client,
  type CostModel,
  type Limits,
  type Order,
  type OrderIntent,
  type OrderTerms,
} from '@aistock/shared';
import { createTestDatabase, type TestDatabase } from '@aistock/testkit';
import { clientOrderId, decisionId } from '@aistock/trading/orders';
import { dailyBar, DAY_MS, FakeIngester } from './fake-ingester.ts';

export const STREAM = 'csv:BTC/USDT:1d';
const START_CASH = '10000';
export const COSTS: CostModel = {
  fees: { maker_bps: 10, taker_bps: 10, taken_in: 'quote' },
  spread: { type: 'bps', bps: 0 },
  slippage: { type: 'fixed', bps: 0 },
  latency_ms: 0,
  participation_max: null,
};
/** The desk opens with bars of these days, all at 100. */
export const FIRST_DAY = 100;
export const LAST_DAY = 130;

type Env = Record<string, string>;

const instrumentLimits = (stream: string): Limits['instruments'][string] => ({
  price_stream: stream,
  price_age_ms_max: 3 * DAY_MS,
  tick_size: '0.5',
  lot_size: '0.1',
  quantity_max: '50',
  notional_min: '10',
  notional_max: '4000',
  collar_bps: 500,
  gross_notional_max: '5000',
});

export const LIMITS: Limits = {
  account: 'paper',
  clock: 'replay',
  strategies: ['trend_following'],
  restricted: ['XRP/USDT'],
  duplicate_window_ms: 0,
  gross_notional_max: '8000',
  instruments: {
    'BTC/USDT': instrumentLimits(STREAM),
    'ETH/USDT': instrumentLimits('csv:ETH/USDT:1d'),
  },
};

/** risk_gate and executor over a database of their own, and a data_ingester that does what a test tells it. */
export class TradingDesk {
  readonly database: TestDatabase;
  readonly ingester: FakeIngester;
  #gate: Service | undefined;
  #executor: Service | undefined;

  private constructor(database: TestDatabase, ingester: FakeIngester) {
    this.database = database;
    this.ingester = ingester;
  }

  /** Both services up, limits set, the paper account open. */
  static async open(env: Env = {}, overrides: Overrides = {}): Promise<TradingDesk> {
    const desk = new TradingDesk(await createTestDatabase(), await FakeIngester.start());
    const days = Array.from({ length: LAST_DAY - FIRST_DAY + 1 }, (_, index) => FIRST_DAY + index);
    for (const stream of [STREAM, 'csv:ETH/USDT:1d'])
      desk.ingester.setBars(
        stream,
        days.map((day) => dailyBar(day, 100)),
      );
    await desk.startGate();
    await desk.startExecutor(env, overrides);
    await desk.setLimits(LIMITS);
    await desk.openAccount();
    return desk;
  }

  get gateUrl(): string {
    if (!this.#gate) throw new Error('the gate is down');
    return this.#gate.url;
  }

  get gate(): Client<typeof riskGateApi> {
    return createClient(riskGateApi, { baseUrl: this.gateUrl });
  }

  get executor(): Client<typeof executorApi> & Client<typeof operationsApi> {
    if (!this.#executor) throw new Error('the executor is down');
    return createClient({ ...executorApi, ...operationsApi }, { baseUrl: this.#executor.url });
  }

  get executorIsUp(): boolean {
    return this.#executor !== undefined;
  }

  async startGate(env: Env = {}): Promise<void> {
    this.#gate = await createGate({
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: this.database.url('risk_gate'),
      DATA_INGESTER_URL: this.ingester.url,
      PRICE_TIMEOUT_MS: '1000',
      ...env,
    });
    await this.#gate.listen();
  }

  /** What the executor reads; also for one that a test starts as a process. */
  executorEnv(env: Env = {}): Env {
    return {
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: this.database.url('executor'),
      DATA_INGESTER_URL: this.ingester.url,
      RISK_GATE_URL: this.gateUrl,
      GATE_TIMEOUT_MS: '5000',
      QUIESCENCE_MS: '0',
      ...env,
    };
  }

  async startExecutor(env: Env = {}, overrides: Overrides = {}): Promise<void> {
    this.#executor = await createExecutor(this.executorEnv(env), overrides);
    await this.#executor.listen();
  }

  async stopGate(): Promise<void> {
    await this.#gate?.stop();
    this.#gate = undefined;
  }

  async stopExecutor(): Promise<void> {
    await this.#executor?.stop();
    this.#executor = undefined;
  }

  async close(): Promise<void> {
    await this.stopExecutor();
    await this.stopGate();
    await this.ingester.stop();
    await this.database.drop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async setLimits(limits: Limits): Promise<void> {
    await this.gate.setLimits({ body: { by: 'test', reason: 'test limits', limits } });
  }

  async openAccount(account = 'paper') {
    return this.executor.openPaperAccount({
      body: { account, currency: 'USDT', start_cash: START_CASH, costs: COSTS },
    });
  }

  /** Moves the account's clock to the close of a day. */
  async advance(day: number, stream = STREAM) {
    return this.executor.advancePaper({
      body: { account: 'paper', stream, to_ms: (day + 1) * DAY_MS },
    });
  }

  submit(change: IntentChange = {}) {
    return this.executor.submit({ body: intent(change) });
  }

  /** Kinds of the events of an order, in the order of their writing. */
  async eventsOf(subject: string): Promise<string[]> {
    const rows = await this.database.db
      .selectFrom('audit.outbox')
      .select('kind')
      .where('subject', '=', subject)
      .orderBy('outbox_id')
      .execute();
    return rows.map(({ kind }) => kind);
  }

  async venueOrders(): Promise<string[]> {
    const rows = await this.database.db
      .selectFrom('trading.paper_order')
      .select('client_order_id')
      .orderBy('client_order_id')
      .execute();
    return rows.map(({ client_order_id: id }) => id);
  }
}

export type IntentChange = Partial<Omit<OrderIntent, 'decision_id' | 'as_of_ms'>> & { readonly day?: number };

/** A market buy of 10, decided at the close of a day; its decision id follows from what it says. */
export function intent({ day = LAST_DAY - 20, ...change }: IntentChange = {}): OrderIntent {
  const terms = {
    account: 'paper',
    strategy: 'trend_following',
    slot: 'trend',
    instrument: 'BTC/USDT',
    stream: STREAM,
    leg: 'entry',
    config_id: randomUUID(),
    side: 'buy' as const,
    order_type: 'market' as const,
    quantity: '10',
    limit_price: null,
    stop_price: null,
    trail_bps: null,
    time_in_force: 'day' as const,
    extended_hours: false,
    reduce_only: false,
    protection: null,
    bar_open_ms: day * DAY_MS,
    ...change,
  };
  const { account, slot, strategy, instrument, stream, bar_open_ms: barOpenMs, leg } = terms;
  const decision = decisionId({ account, slot, strategy, instrument, stream, barOpenMs, leg });
  return { ...terms, decision_id: decision, as_of_ms: barOpenMs + DAY_MS };
}

/** The terms that a permit is asked for, of an order or of an intent. */
export function termsOf(order: OrderIntent | Order): OrderTerms {
  const { account, strategy, slot, instrument, side, order_type, quantity } = order;
  const { limit_price, stop_price, trail_bps, time_in_force, extended_hours, reduce_only, protection } =
    order;
  return {
    client_order_id: clientOrderId(order.decision_id),
    account,
    strategy,
    slot,
    instrument,
    side,
    order_type,
    quantity,
    limit_price,
    stop_price,
    trail_bps,
    time_in_force,
    extended_hours,
    reduce_only,
    protection,
  };
}
