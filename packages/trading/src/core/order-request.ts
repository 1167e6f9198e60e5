import type { OrderType, Side, TimeInForce } from '@aistock/shared';

/** The orders that wait behind an entry. Decimal text. */
export interface RequestedProtection {
  readonly stopPrice: string | null;
  readonly targetPrice: string | null;
  readonly trailBps: number | null;
}

/** An order that the core wants sent, exact and on tick and lot. Amounts are decimal text. */
export interface OrderRequest {
  /** `decisionId` of what it comes from: deciding again over the same bar gives the same id. */
  readonly decisionId: string;
  readonly slot: string;
  readonly strategy: string;
  readonly instrument: string;
  /** The stream that it was decided on, whose bars fill it on paper. */
  readonly stream: string;
  /** Which order of the decision: `entry`, `exit`, `entry_1` for a second leg, `quote_buy`. */
  readonly leg: string;
  readonly configId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: string;
  /** Null unless the type has a limit. */
  readonly limitPrice: string | null;
  /** Null unless the type has a stop. */
  readonly stopPrice: string | null;
  /** Distance of a trailing stop; null otherwise. */
  readonly trailBps: number | null;
  readonly timeInForce: TimeInForce;
  readonly extendedHours: boolean;
  readonly reduceOnly: boolean;
  /** Makes it a bracket: these orders begin to work with its fill, and one cancels the other. */
  readonly protection: RequestedProtection | null;
  readonly barOpenMs: number;
  readonly asOfMs: number;
}
