import { randomUUID } from 'node:crypto';
import type { Bar } from '@aistock/market';
import { ServiceError, type Handlers } from '@aistock/service-kit';
import {
  canonicalJson,
  executorApi,
  type Account,
  type Order,
  type OrderIntent,
  type OrderStatus,
} from '@aistock/shared';
import { clientOrderId, isFinal } from '@aistock/trading/orders';
import { paperFill } from '@aistock/trading/paper';
import {
  applyFill,
  cashChange,
  equity,
  FLAT,
  sum,
  toWire,
  type PositionState,
} from '@aistock/trading/portfolio';
import type { z } from 'zod';
import { closeOf, INSTRUMENT } from './fake-series.ts';

const { account, advancePaper, orders, positions, submit } = executorApi;
export const fakeExecutorApi = { account, advancePaper, orders, positions, submit } as const;

export const ACCOUNT = 'paper';
export const START_CASH = '100000';
export const PAPER_TERMS = { feeBps: 5, slippageBps: 2 };

/** Where a process can die: before a call had its effect, or after it and before its answer arrived. */
export type Fault = (call: 'submit' | 'advance', when: 'before' | 'after') => void;

/** An executor in memory: real paper fills and books, no gate. */
export class FakeExecutor {
  fault: Fault = () => undefined;
  /** What becomes of an order that is sent. */
  verdict: (intent: OrderIntent) => OrderStatus = () => 'WORKING';
  reconciled = true;
  readonly orders: Order[] = [];
  readonly intents = new Map<string, string>();
  readonly #bars: readonly Bar[];
  #clockMs: number | null = null;
  #cash = START_CASH;
  #mark: string | null = null;
  position: PositionState = FLAT;

  constructor(bars: readonly Bar[]) {
    this.#bars = bars;
  }

  get account(): z.infer<typeof Account> {
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
    orders: async () => {
      const unknown = this.orders.filter(({ status }) => status === 'UNKNOWN').length;
      return { orders: this.orders.toReversed(), counts: unknown > 0 ? { UNKNOWN: unknown } : {} };
    },
    submit: async ({ body }) => {
      this.fault('submit', 'before');
      const order = this.#take(body);
      this.fault('submit', 'after');
      return order;
    },
    advancePaper: async ({ body }) => {
      this.fault('advance', 'before');
      const changed = this.#bars
        .filter((bar) => closeOf(bar) > (this.#clockMs ?? 0) && closeOf(bar) <= body.to_ms)
        .flatMap((bar) => this.#trade(bar));
      this.#clockMs = Math.max(this.#clockMs ?? 0, body.to_ms);
      this.fault('advance', 'after');
      return { account: this.account, changed };
    },
  };

  #take(intent: OrderIntent): Order {
    const terms = canonicalJson(intent);
    const known = this.orders.find(({ decision_id }) => decision_id === intent.decision_id);
    if (known) {
      if (this.intents.get(intent.decision_id) === terms) return known;
      throw new ServiceError('decision_conflict', 409, 'the same decision came with other terms');
    }
    const { bar_open_ms: _barOpenMs, ...kept } = intent;
    const order: Order = {
      ...kept,
      order_id: randomUUID(),
      client_order_id: clientOrderId(intent.decision_id),
      status: this.verdict(intent),
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
    this.intents.set(intent.decision_id, terms);
    this.orders.push(order);
    return order;
  }

  #trade(bar: Bar): Order[] {
    this.#mark = bar.close;
    const working = this.orders.filter(({ status }) => !isFinal(status) && status !== 'UNKNOWN');
    return working.map((order) => this.#fill(order, bar));
  }

  #fill(order: Order, bar: Bar): Order {
    const fill = paperFill(
      {
        side: order.side,
        orderType: order.order_type,
        quantity: order.quantity,
        limitPrice: order.limit_price,
      },
      bar,
      PAPER_TERMS,
    );
    if (!fill) return order;
    const amounts = { side: order.side, ...fill };
    this.#cash = sum(this.#cash, cashChange(amounts));
    this.position = applyFill(this.position, amounts);
    const filled: Order = {
      ...order,
      status: 'FILLED',
      filled_quantity: fill.quantity,
      average_price: fill.price,
      fees: fill.fee,
      fills: [{ venue: 'paper', fill_id: order.client_order_id, ...fill, filled_ms: bar.openMs }],
    };
    this.orders[this.orders.indexOf(order)] = filled;
    return filled;
  }
}
