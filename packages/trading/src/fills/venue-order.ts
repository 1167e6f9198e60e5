import type { OrderType, Side, TimeInForce } from '@aistock/shared';
import type { RequestedProtection } from '../core/index.ts';

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
  /** Of a trailing stop: the best price since it was placed; null before the first bar. */
  readonly bestPrice: string | null;
  /** The entry that it protects, and its part in it; null for an order of its own. */
  readonly parent: { readonly orderId: string; readonly part: 'stop' | 'target' } | null;
}

/** What the account has at the venue in the instrument of the bars. Decimal text. */
export interface VenueHolding {
  readonly cash: string;
  /** Above zero long, below zero short. */
  readonly quantity: string;
}

/** What the venue tells about an order. */
export type VenueReport =
  | {
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
    }
  | {
      readonly kind: 'ended';
      readonly orderId: string;
      readonly protection: 'stop' | 'target' | null;
      readonly status: 'CANCELLED' | 'EXPIRED' | 'REJECTED';
      /** `not_filled`, `cash_short`, `session_over`, `one_cancelled_other`, `nothing_to_reduce`. */
      readonly reason: string;
    };
