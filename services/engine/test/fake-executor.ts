import { randomUUID } from 'node:crypto';
import type { Bar } from '@aistock/market';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import {
  canonicalJson,
  executorApi,
  type CostModel,
  type Order,
  type OrderIntent,
  type OrderStatus,
  type Output,
} from '@aistock/shared';
import { fillCosts, matchBar, venueOrder, type VenueOrder, type VenueReport } from '@aistock/trading/fills';
import { bracketExits, clientOrderId, exitDecisionId, isFinal } from '@aistock/trading/orders';
import { applyFill, equity, FLAT, sum, toWire, type PositionState } from '@aistock/trading/portfolio';
import { closeOfBar, INSTRUMENT, type FakeSeries } from './fake-series.ts';

const { account, advancePaper, cancel, order, orders, paperAccount, positions, submit } = executorApi;
export const fakeExecutorApi = {
  account,
  advancePaper,
  cancel,
  order,
  orders,
  paperAccount,
  positions,
  submit,
} as const;

export const ACCOUNT = 'paper';
export const START_CASH = '100000';
export const PAPER_COSTS: CostModel = {
  fees: { maker_bps: 5, taker_bps: 5, taken_in: 'quote' },
  spread: { type: 'bps', bps: 0 },
  slippage: { type: 'fixed', bps: 2 },
  latency_ms: 0,
  participation_max: null,
};

/** Where a process can die: before a call had its effect, or after it and before its answer arrived. */
export type Fault = (call: 'submit' | 'advance' | 'cancel', when: 'before' | 'after') => void;

/** An executor in memory: the fills of the simulated venue and exact books, no gate. */
export class FakeExecutor {
  fault: Fault = () => undefined;
  /** What becomes of an order that is sent. */
  verdict: (intent: OrderIntent) => OrderStatus = () => 'WORKING';
  reconciled = true;
  /** Calls of each kind so far. */
  readonly calls = { submit: 0, advance: 0, cancel: 0 };
  readonly orders: Order[] = [];
  readonly intents = new Map<string, string>();
  position: PositionState = FLAT;
  readonly #series: FakeSeries;
  #clockMs: number | null = null;
  #lastOpenMs = -1;
  #cash = START_CASH;
  #mark: string | null = null;
  #working: readonly VenueOrder[] = [];
  #fills = 0;

  constructor(series: FakeSeries) {
    this.#series = series;
  }

  get account(): Output<typeof executorApi.account> {
    return {
      account: ACCOUNT,
      venue: 'paper',
      currency: 'USD',
      start_cash: START_CASH,
      cash: toWire(this.#cash),
      equity: this.equity,
      clock_ms: this.#clockMs,
      reconciled: this.reconciled,
    };
  }

  get equity(): string | null {
    const worth = equity(this.#cash, [{ quantity: this.position.quantity, markPrice: this.#mark }]);
    return worth === undefined ? null : toWire(worth);
  }

  readonly handlers: Handlers<typeof fakeExecutorApi> = {
    account: async ({ query }) => {
      if (query.account !== ACCOUNT) throw new ServiceError('account_unknown', 404, 'no such account');
      return this.account;
    },
    paperAccount: async () => ({
      account: ACCOUNT,
      currency: 'USD',
      start_cash: START_CASH,
      costs: PAPER_COSTS,
    }),
    positions: async () => ({
      positions: [
        {
          account: ACCOUNT,
          instrument: INSTRUMENT,
          quantity: this.position.quantity,
          average_price: this.position.averagePrice,
          realised_pnl: toWire(this.position.realisedPnl),
          fees: toWire(this.position.fees),
          mark_price: this.#mark,
          unrealised_pnl: null,
        },
      ],
    }),
    orders: async ({ query }) => {
      const { parent } = query;
      const found = this.orders.filter((each) => parent === undefined || each.parent?.order_id === parent);
      return { orders: found.toReversed(), counts: {} };
    },
    order: async ({ params }) => this.#find((each) => each.order_id === params.id),
    submit: async ({ body }) => {
      this.#count('submit', 'before');
      const taken = this.#take(body);
      this.#count('submit', 'after');
      return taken;
    },
    cancel: async ({ params }) => {
      this.#count('cancel', 'before');
      const found = this.#find((each) => each.order_id === params.id);
      const whole = [found, ...this.orders.filter(({ parent }) => parent?.order_id === found.order_id)];
      this.#working = this.#working.filter(
        ({ orderId, parent }) => orderId !== found.decision_id && parent?.orderId !== found.decision_id,
      );
      for (const each of whole)
        if (!isFinal(each.status)) this.#change(each, { status: 'CANCELLED', reason: 'asked_for' });
      this.#count('cancel', 'after');
      return this.#find((each) => each.order_id === params.id);
    },
    advancePaper: async ({ body }) => {
      this.#count('advance', 'before');
      if (body.to_ms < (this.#clockMs ?? 0))
        throw new ServiceError('clock_would_go_back', 409, `replayed up to ${this.#clockMs} already`);
      const changed = new Set<string>();
      for (const bar of this.#series.bars)
        if (bar.openMs > this.#lastOpenMs && closeOfBar(this.#series, bar) <= body.to_ms)
          for (const id of this.#pass(bar)) changed.add(id);
      this.#clockMs = body.to_ms;
      this.#count('advance', 'after');
      return { account: this.account, changed: this.orders.filter((each) => changed.has(each.order_id)) };
    },
  };

  /** An order of somebody else that fills at once. */
  interfere(quantity: string): void {
    this.position = { ...this.position, quantity: sum(this.position.quantity, quantity), averagePrice: '1' };
    this.#mark ??= '1';
  }

  /** The venue ends the stops that work, for no reason that anybody asked for; answers how many. */
  loseStops(): number {
    const stops = this.orders.filter(({ parent, status }) => parent?.part === 'stop' && status === 'WORKING');
    for (const stop of stops) this.#change(stop, { status: 'CANCELLED', reason: 'venue' });
    const entries = new Set(stops.map(({ parent }) => parent?.decision_id));
    this.#working = this.#working.filter(({ parent }) => !entries.has(parent?.orderId));
    return stops.length;
  }

  #count(call: 'submit' | 'advance' | 'cancel', when: 'before' | 'after'): void {
    if (when === 'before') this.calls[call]++;
    this.fault(call, when);
  }

  #find(isIt: (each: Order) => boolean): Order {
    const found = this.orders.find(isIt);
    if (!found) throw new ServiceError('order_unknown', 404, 'no such order');
    return found;
  }

  #take(intent: OrderIntent): Order {
    const terms = canonicalJson(intent);
    const known = this.orders.find(({ decision_id }) => decision_id === intent.decision_id);
    if (known) {
      if (this.intents.get(intent.decision_id) === terms) return known;
      throw new ServiceError('decision_conflict', 409, 'the same decision came with other terms');
    }
    this.intents.set(intent.decision_id, terms);
    // Exits that work stand for the whole position: they must be taken back before it is left otherwise.
    const isCovered = this.orders.some(({ parent, status }) => parent !== null && status === 'WORKING');
    const taken = newOrder(intent, intent.reduce_only && isCovered ? 'DENIED' : this.verdict(intent));
    this.orders.push(taken);
    if (taken.status !== 'WORKING') return taken;
    for (const exit of exitsOf(taken)) this.orders.push(exit);
    this.#working = [...this.#working, venueOrder(intent.decision_id, placedTerms(intent), intent.as_of_ms)];
    return taken;
  }

  #pass(bar: Bar): string[] {
    this.#lastOpenMs = bar.openMs;
    this.#mark = bar.close;
    const holding = { cash: this.#cash, quantity: this.position.quantity };
    const { timeframe, calendar } = this.#series;
    const terms = { costs: fillCosts(PAPER_COSTS), timeframe, calendar };
    const { orders: left, reports, holding: after } = matchBar(this.#working, bar, holding, terms);
    this.#working = left;
    const changed = reports.map((report) => this.#report(report));
    this.#cash = after.cash;
    return changed;
  }

  #report(report: VenueReport): string {
    const entry = this.#find(({ decision_id }) => decision_id === report.orderId);
    const part = report.protection;
    const told =
      part === null
        ? entry
        : this.#find(({ decision_id }) => decision_id === exitDecisionId(entry.client_order_id, part));
    if (report.kind === 'ended')
      return this.#change(told, { status: report.status, reason: report.reason }).order_id;
    const { quantity, price, fee, atMs } = report;
    this.position = applyFill(this.position, { side: told.side, quantity, price, fee });
    const fill = {
      venue: 'paper',
      fill_id: String(++this.#fills),
      quantity,
      price,
      fee,
      fee_currency: 'USD',
      filled_ms: atMs,
    };
    if (part === null && entry.protection)
      for (const exit of this.orders)
        if (exit.parent?.order_id === entry.order_id) this.#change(exit, { status: 'WORKING' });
    return this.#change(told, {
      status: report.complete ? 'FILLED' : 'PARTIALLY_FILLED',
      filled_quantity: sum(told.filled_quantity, quantity),
      average_price: price,
      fees: sum(told.fees, fee),
      fills: [...told.fills, fill],
    }).order_id;
  }

  #change(before: Order, change: Partial<Order>): Order {
    const after = { ...before, ...change };
    this.orders[this.orders.findIndex(({ order_id }) => order_id === before.order_id)] = after;
    return after;
  }
}

function newOrder(intent: OrderIntent, status: OrderStatus): Order {
  const { bar_open_ms: _barOpenMs, ...kept } = intent;
  return {
    ...kept,
    order_id: randomUUID(),
    client_order_id: clientOrderId(intent.decision_id),
    parent: null,
    status,
    filled_quantity: '0',
    average_price: null,
    fees: '0',
    permit_id: null,
    broker_order_id: null,
    denials: [],
    reason: null,
    fills: [],
    created_ms: intent.as_of_ms,
    updated_ms: intent.as_of_ms,
  };
}

function exitsOf(entry: Order): Order[] {
  if (!entry.protection) return [];
  return bracketExits(entry.side, entry.protection).map((exit): Order => {
    const decision = exitDecisionId(entry.client_order_id, exit.part);
    return {
      ...entry,
      order_id: randomUUID(),
      decision_id: decision,
      client_order_id: clientOrderId(decision),
      parent: { order_id: entry.order_id, decision_id: entry.decision_id, part: exit.part },
      leg: `${entry.leg}_${exit.part}`,
      side: exit.side,
      order_type: exit.orderType,
      limit_price: exit.limitPrice,
      stop_price: exit.stopPrice,
      trail_bps: exit.trailBps,
      time_in_force: 'gtc',
      reduce_only: true,
      protection: null,
      status: 'PENDING',
    };
  });
}

function placedTerms(intent: OrderIntent) {
  const { protection } = intent;
  return {
    side: intent.side,
    type: intent.order_type,
    quantity: intent.quantity,
    limitPrice: intent.limit_price,
    stopPrice: intent.stop_price,
    trailBps: intent.trail_bps,
    timeInForce: intent.time_in_force,
    extendedHours: intent.extended_hours,
    reduceOnly: intent.reduce_only,
    protection: protection && {
      stopPrice: protection.stop_price,
      targetPrice: protection.target_price,
      trailBps: protection.trail_bps,
    },
  };
}
