import type { OrderType, Side, TimeInForce } from '@aistock/shared';
import type { OrderRequest, RequestedProtection } from '../core/index.ts';

/** An order as the simulated venue has it, plain data. Amounts are decimal text. */
export interface VenueOrder {
  readonly orderId: string;
  readonly side: Side;
  readonly type: OrderType;
  /** What was asked for, and what of it has filled. */
  readonly quantity: string;
  readonly filled: string;
  readonly limitPrice: string | null;
  readonly stopPrice: string | null;
  readonly trailBps: number | null;
  readonly timeInForce: TimeInForce;
  readonly extendedHours: boolean;
  readonly reduceOnly: boolean;
  readonly protection: RequestedProtection | null;
  /** When it reaches the venue, latency included, Unix ms: no bar that closed by then can fill it. */
  readonly placedMs: number;
  /** A stop that was touched works as a market or limit order from then on. */
  readonly triggered: boolean;
  /** Waits in the book since an earlier bar: a limit order fills at its limit from then on, never better. */
  readonly resting: boolean;
  /** Of a trailing stop: the best price since it was placed; null before the first bar. */
  readonly bestPrice: string | null;
  /** The entry that it protects, and its part in it; null for an order of its own. */
  readonly parent: { readonly orderId: string; readonly part: 'stop' | 'target' } | null;
}

/** What of an order the venue is told when it is placed. */
export type PlacedOrder = Pick<
  OrderRequest,
  | 'side'
  | 'type'
  | 'quantity'
  | 'limitPrice'
  | 'stopPrice'
  | 'trailBps'
  | 'timeInForce'
  | 'extendedHours'
  | 'reduceOnly'
  | 'protection'
>;

/** An order that nothing has happened to yet. @param placedMs when it reaches the venue, latency included, Unix ms. */
export function venueOrder(orderId: string, placed: PlacedOrder, placedMs: number): VenueOrder {
  return {
    orderId,
    side: placed.side,
    type: placed.type,
    quantity: placed.quantity,
    filled: '0',
    limitPrice: placed.limitPrice,
    stopPrice: placed.stopPrice,
    trailBps: placed.trailBps,
    timeInForce: placed.timeInForce,
    extendedHours: placed.extendedHours,
    reduceOnly: placed.reduceOnly,
    protection: placed.protection,
    placedMs,
    triggered: false,
    resting: false,
    bestPrice: null,
    parent: null,
  };
}

/** What the account has at the venue in the instrument of the bars. Decimal text. */
export interface VenueHolding {
  readonly cash: string;
  /** Above zero long, below zero short. */
  readonly quantity: string;
}

/** What the venue tells about an order. */
export type VenueReport = FillReport | EndReport;

export interface FillReport {
  readonly kind: 'fill';
  readonly orderId: string;
  /** For a fill of a bracket's exit: which; `orderId` is then the entry's. */
  readonly protection: 'stop' | 'target' | null;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  readonly feeTakenIn: 'quote' | 'base';
  readonly liquidity: 'maker' | 'taker';
  /** Part of the price that spread and slippage took, in the quote currency. */
  readonly slippageCost: string;
  readonly atMs: number;
  /** Whether the order is now whole. */
  readonly complete: boolean;
  /** Filled in a bar without volume: nobody is known to have traded at that price. */
  readonly stale: boolean;
}

export interface EndReport {
  readonly kind: 'ended';
  readonly orderId: string;
  readonly protection: 'stop' | 'target' | null;
  readonly status: 'CANCELLED' | 'EXPIRED';
  readonly reason: EndReason;
}

/** Why an order ended with a rest open. */
export type EndReason =
  'not_filled' | 'cash_short' | 'session_over' | 'one_cancelled_other' | 'nothing_to_reduce';
