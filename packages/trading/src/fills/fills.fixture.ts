import type { Bar } from '@aistock/market';
import type { CostModel, OrderType } from '@aistock/shared';
import {
  fillCosts,
  matchBar,
  venueOrder,
  type FillReport,
  type Matched,
  type MatchTerms,
  type PlacedOrder,
  type VenueHolding,
  type VenueOrder,
} from './index.ts';

export const HOUR_MS = 3_600_000;

/** Nothing costs anything, and everything fills whole. */
export const FREE: CostModel = {
  fees: { maker_bps: 0, taker_bps: 0, taken_in: 'quote' },
  spread: { type: 'bps', bps: 0 },
  slippage: { type: 'fixed', bps: 0 },
  latency_ms: 0,
  participation_max: null,
};

/** Hours round the clock. */
export const termsOf = (costs: Partial<CostModel> = {}, terms: Partial<MatchTerms> = {}): MatchTerms => ({
  costs: fillCosts({ ...FREE, ...costs }),
  timeframe: '1h',
  calendar: 'always',
  ...terms,
});

/** `hour` counts from 1970. */
export const barOf = (
  hour: number,
  [open, high, low, close]: readonly [number, number, number, number],
  volume = '1000',
): Bar => ({
  openMs: hour * HOUR_MS,
  open: String(open),
  high: String(high),
  low: String(low),
  close: String(close),
  volume,
});

/** A buy of 2 that came in before the first bar, good till cancelled, unless told otherwise. */
export const orderOf = (type: OrderType, order: Partial<VenueOrder> = {}): VenueOrder => {
  const placed: PlacedOrder = {
    side: 'buy',
    type,
    quantity: '2',
    limitPrice: null,
    stopPrice: null,
    trailBps: null,
    timeInForce: 'gtc',
    extendedHours: false,
    reduceOnly: false,
    protection: null,
  };
  return { ...venueOrder('a', placed, 0), ...order };
};

export const RICH: VenueHolding = { cash: '10000', quantity: '0' };
export const LONG: VenueHolding = { cash: '10000', quantity: '2' };

/** Bar after bar. */
export function matchBars(
  orders: readonly VenueOrder[],
  bars: readonly Bar[],
  holding: VenueHolding,
  terms: MatchTerms,
): Matched {
  let matched: Matched = { orders, done: [], holding, reports: [] };
  for (const bar of bars) {
    const next = matchBar(matched.orders, bar, matched.holding, terms);
    matched = {
      ...next,
      done: [...matched.done, ...next.done],
      reports: [...matched.reports, ...next.reports],
    };
  }
  return matched;
}

/** What was told, short: `buy 2 @ 100 taker`, `stop sell 2 @ 95 taker`, `cash_short`. */
export function told({ reports }: Matched): string[] {
  return reports.map((report) => {
    const part = report.protection ? `${report.protection} ` : '';
    if (report.kind === 'ended') return part + report.reason;
    return `${part}${report.side} ${report.quantity} @ ${report.price} ${report.liquidity}`;
  });
}

export function fillsOf({ reports }: Matched): FillReport[] {
  return reports.filter((report) => report.kind === 'fill');
}
