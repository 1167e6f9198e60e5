import type { Bar } from '@aistock/market';
import { z } from 'zod';
import { BarCursor, BarSeries } from '../bars/index.ts';
import { FIXED_SIZING } from '../sizing/index.ts';
import type { Hold, Signal, Strategy, StrategyContext, Wish } from '../strategies/index.ts';
import {
  createCore,
  DEFAULT_ORDERS,
  type Core,
  type CoreEvent,
  type CoreSetup,
  type OrderRequest,
  type SlotDecision,
  type SlotParams,
  type StreamSetup,
} from './index.ts';

export const BAR_MS = 300_000;

/** A strategy that does what a function says; every price is a multiple of 0.01 and every quantity of 0.001. */
export function scripted(
  decide: (context: StrategyContext) => Signal | Hold,
  changes: Partial<Strategy> = {},
): Strategy {
  return {
    name: 'scripted',
    description: 'for tests',
    legs: 1,
    paramNames: [],
    schema: z.record(z.string(), z.number()),
    lookbackBars: () => 1,
    decide,
    modelFit: (regime) => regime.hmmTrend,
    ...changes,
  };
}

export function signal(reason: string, ...wishes: Wish[]): Signal {
  return { direction: 1, strength: 1, confidence: 0.5, holdingBars: 1, reason, wishes };
}

export const HOLD: Hold = { hold: 'waiting' };

export const enter = (changes: Partial<Extract<Wish, { kind: 'enter' }>> = {}): Wish => ({
  kind: 'enter',
  leg: 0,
  side: 'buy',
  equityFraction: 0.5,
  style: { type: 'market' },
  ...changes,
});

export const leave = (leg = 0): Wish => ({ kind: 'exit', leg, style: { type: 'market' } });

export function stream(instrument: string, changes: Partial<StreamSetup> = {}): StreamSetup {
  return {
    id: `sim:${instrument}:5m`,
    instrument,
    timeframe: '5m',
    calendar: 'always',
    rules: [{ fromMs: 0, lotSize: '0.001', tickSize: '0.01', notionalMin: '5' }],
    ...changes,
  };
}

export const PARAMS: SlotParams = {
  configId: 'config',
  presetId: 'usual',
  params: {},
  source: 'given',
  expiresMs: null,
};

/** One slot called `slot` on BTC/USDT with 1,000 USDT. */
export function oneSlot(strategy: Strategy, changes: Partial<CoreSetup> = {}): CoreSetup {
  const streams = changes.streams ?? [stream('BTC/USDT')];
  return {
    account: 'paper',
    currency: 'USDT',
    startCash: '1000',
    streams,
    slots: [
      {
        id: 'slot',
        strategy,
        streams: streams.slice(0, strategy.legs).map(({ id }) => id),
        modelUse: 'off',
      },
    ],
    sizing: FIXED_SIZING,
    selection: null,
    orders: DEFAULT_ORDERS,
    limits: null,
    ...changes,
  };
}

export function barOf(openMs: number, price: number | string): Bar {
  const text = String(price);
  return { openMs, open: text, high: text, low: text, close: text, volume: '100' };
}

/** A core and everything around it, bar by bar. */
export class Desk {
  readonly setup: CoreSetup;
  readonly lines: string[] = [];
  cursors: ReadonlyMap<string, BarCursor>;
  core: Core;
  atMs = 0;
  #fills = 0;

  /** Streams pass, and every slot has the same parameters. */
  constructor(setup: CoreSetup, params: SlotParams | null = PARAMS) {
    this.setup = setup;
    this.cursors = new Map(setup.streams.map(({ id }) => [id, new BarCursor(new BarSeries())]));
    this.core = createCore(setup, this.cursors);
    for (const { id } of setup.streams)
      this.tell({ type: 'quality', stream: id, verdict: 'pass', reasons: [] });
    if (params)
      for (const { id } of setup.slots) this.tell({ type: 'params', slot: id, params, missing: null });
  }

  tell(event: CoreEvent): void {
    this.core.handle(event);
  }

  /** Shows the next bar of each stream at a price, flat, without deciding. */
  show(...prices: readonly (number | string)[]): void {
    for (const [index, { id }] of this.setup.streams.entries())
      this.tell({ type: 'bar', stream: id, bar: barOf(this.atMs, prices[index] ?? prices[0]!) });
    this.atMs += BAR_MS;
  }

  /** Decides on the newest bars. */
  close(): SlotDecision[] {
    const logged = this.core.handle({ type: 'close', atMs: this.atMs });
    for (const { line } of logged) this.lines.push(line);
    return logged.flatMap(({ decision }) => (decision.kind === 'slot' ? [decision] : []));
  }

  /** Shows a bar of each stream and decides; the decision of the first slot. */
  bar(...prices: readonly (number | string)[]): SlotDecision {
    this.show(...prices);
    return this.close()[0]!;
  }

  fill(
    order: OrderRequest,
    price: string,
    changes: Partial<Extract<CoreEvent, { type: 'fill' }>> = {},
  ): void {
    this.tell({
      type: 'fill',
      decisionId: order.decisionId,
      fillId: `fill-${++this.#fills}`,
      protection: null,
      side: order.side,
      quantity: order.quantity,
      price,
      fee: '0',
      feeCurrency: 'USDT',
      atMs: this.atMs,
      ...changes,
    });
  }

  order(order: OrderRequest, status: Extract<CoreEvent, { type: 'order' }>['status']): void {
    this.tell({ type: 'order', decisionId: order.decisionId, protection: null, status, reason: null });
  }

  /** Puts another core in the place of this one, from its snapshot as JSON; it sees the same bars. */
  resume(): void {
    const snapshot: unknown = JSON.parse(JSON.stringify(this.core.snapshot()));
    this.core = createCore(this.setup, this.cursors, snapshot);
  }
}
