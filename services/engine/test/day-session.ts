import type { Bar } from '@aistock/market';
import type { CostModel, Limits } from '@aistock/shared';
import type { CoreEvent, FillEvent, OrderRequest } from '@aistock/trading/core';
import {
  fillCosts,
  matchBar,
  venueOrder,
  type EndReport,
  type FillReport,
  type VenueOrder,
} from '@aistock/trading/fills';
import type { JournalEntry } from '../src/session/journal.ts';
import { firstSnapshot, SessionCore, type SessionSnapshot } from '../src/session/session-core.ts';
import { coreSetup, lookbackBars, type SessionTerms } from '../src/session/session-terms.ts';

// A session on paper bars of a quarter of an hour, as its journal has it; what is told to it can be changed on the way.

const DAY_MS = 86_400_000;
export const BAR_MS = 900_000;
const WARM_UP = 40;
const DAYS = 3;
export const STREAM = 'test:FAKE/USDT:15m';
const INSTRUMENT = 'FAKE/USDT';
const START_CASH = '100000';
export const COSTS: CostModel = {
  fees: { maker_bps: 2, taker_bps: 5, taken_in: 'quote' },
  spread: { type: 'bps', bps: 2 },
  slippage: { type: 'fixed', bps: 1 },
  latency_ms: 0,
  participation_max: null,
};
const PARAMS = { fast_bars: 3, slow_bars: 8, atr_bars: 4, stop_atr: 1.5, trend_min: -1, risk_fraction: 0.5 };
const LIMITS: Limits = {
  account: 'paper',
  clock: 'wall',
  strategies: ['trend_following'],
  restricted: [],
  duplicate_window_ms: 0,
  gross_notional_max: '10000000',
  instruments: {
    [INSTRUMENT]: {
      price_stream: STREAM,
      price_age_ms_max: DAY_MS,
      tick_size: '0.01',
      lot_size: '0.0001',
      quantity_max: '1000000',
      notional_min: '0',
      notional_max: '10000000',
      collar_bps: 1_000,
      stop_distance_bps_max: 9_000,
      gross_notional_max: '10000000',
    },
  },
};

export const TERMS: SessionTerms = {
  asked: {
    account: 'paper',
    mode: 'live',
    slots: [{ id: 'trend', strategy: 'trend_following', streams: [STREAM], model_use: 'off' }],
    selection: null,
  },
  currency: 'USDT',
  venue: 'paper',
  startCash: START_CASH,
  limits: LIMITS,
  streams: [
    {
      id: STREAM,
      instrument: INSTRUMENT,
      timeframe: '15m',
      calendar: 'always',
      rules: [{ from_ms: 0, lot_size: '0.0001', tick_size: '0.01', notional_min: '0' }],
    },
  ],
};

const priceAt = (index: number): number => 100 + 12 * Math.sin(index / 9) + 3 * Math.sin(index * 1.3);

/** Swinging prices over the days from a midnight on, and as many bars before as warm up. */
export function dayBars(fromMs: number): Bar[] {
  return Array.from({ length: WARM_UP + (DAYS * DAY_MS) / BAR_MS }, (_, index) => {
    const [open, close] = [priceAt(index), priceAt(index + 0.9)];
    return {
      openMs: fromMs + (index - WARM_UP) * BAR_MS,
      open: open.toFixed(2),
      high: (Math.max(open, close) + 0.2).toFixed(2),
      low: (Math.min(open, close) - 0.2).toFixed(2),
      close: close.toFixed(2),
      volume: '1000',
    };
  });
}

/** What the account's venue does otherwise than its cost model says. */
export interface Tweaks {
  readonly costs?: CostModel;
  /** Changes a fill before the session hears of it. */
  readonly fill?: (fill: FillEvent) => FillEvent;
  /** How much later orders reach the venue, in ms. */
  readonly lateMs?: (order: OrderRequest) => number;
}

export interface RecordedSession {
  readonly first: SessionSnapshot;
  readonly entries: readonly JournalEntry[];
}

/** Trades the bars. */
export function recordSession(bars: readonly Bar[], tweaks: Tweaks = {}): RecordedSession {
  const setup = coreSetup(TERMS);
  const first = firstSnapshot({ [STREAM]: bars.slice(0, WARM_UP) });
  const state = new SessionCore(setup, first, { lookback: lookbackBars(setup), seq: 0 });
  const entries: JournalEntry[] = [];
  const costs = fillCosts(tweaks.costs ?? COSTS);
  let working: readonly VenueOrder[] = [];
  let holding = { cash: START_CASH, quantity: '0' };
  let fills = 0;
  const tell = (event: Exclude<CoreEvent, { type: 'close' }>): void => state.tell(event);
  const tellFill = (report: FillReport): void => {
    const { orderId: decisionId, protection, side, quantity, price, fee, atMs } = report;
    const amounts = { protection, side, quantity, price, fee, feeCurrency: 'USDT', atMs };
    const fill = { type: 'fill', decisionId, fillId: `paper ${++fills}`, ...amounts } as const;
    tell(tweaks.fill?.(fill) ?? fill);
  };
  const tellEnd = (
    decisionId: string,
    { protection, status, reason }: Pick<EndReport, 'protection' | 'status'> & { readonly reason: string },
  ): void => tell({ type: 'order', decisionId, protection, status, reason });
  tell({ type: 'quality', stream: STREAM, verdict: 'pass', reasons: [] });
  for (const bar of bars.slice(WARM_UP)) {
    const atMs = bar.openMs + BAR_MS;
    const matched = matchBar(working, bar, holding, { costs, timeframe: '15m', calendar: 'always' });
    ({ orders: working, holding } = matched);
    for (const report of matched.reports)
      if (report.kind === 'fill') tellFill(report);
      else tellEnd(report.orderId, report);
    tell({ type: 'bar', stream: STREAM, bar });
    for (const { slot, params } of state.core.questions(atMs))
      if (params) tell({ type: 'params', slot, missing: null, params: paramsAt(atMs) });
    const { entry, decisions } = state.close(atMs);
    entries.push(entry);
    for (const { decision } of decisions) {
      if (decision.kind !== 'slot') continue;
      for (const decisionId of decision.cancels) {
        const isOf = (order: VenueOrder): boolean => (order.parent?.orderId ?? order.orderId) === decisionId;
        for (const { parent } of working.filter(isOf))
          tellEnd(decisionId, { protection: parent?.part ?? null, status: 'CANCELLED', reason: 'asked_for' });
        working = working.filter((order) => !isOf(order));
      }
      for (const order of decision.orders) {
        const { decisionId } = order;
        working = [...working, venueOrder(decisionId, order, atMs + (tweaks.lateMs?.(order) ?? 0))];
        tell({ type: 'order', decisionId, protection: null, status: 'WORKING', reason: null });
      }
    }
  }
  return { first, entries };
}

function paramsAt(atMs: number) {
  const configId = `00000000-0000-4000-8000-${String(atMs / BAR_MS).padStart(12, '0')}`;
  return { configId, presetId: 'balanced', params: PARAMS, source: 'chosen', expiresMs: null } as const;
}
