/** How large an entry may be; fractions of equity. */
export interface SizingPolicy {
  /** Share of the full Kelly bet; null leaves Kelly out. 0.25 by default. */
  readonly kellyShare: number | null;
  /** Trades before Kelly says anything; until then the strategy's own fraction holds. */
  readonly tradesMin: number;
  /** Trades after which it is computed anew. */
  readonly updateEveryTrades: number;
  /** Wished volatility of the position, fraction a year; null does not aim for one. */
  readonly volatilityTarget: number | null;
  /** Drawdown of the account's equity from which sizes are cut, and at which nothing is entered; null does not cut. */
  readonly drawdownCut: { readonly from: number; readonly to: number } | null;
  /** No entry is larger. */
  readonly fractionMax: number;
}

/** Takes what the strategy asks for. */
export const FIXED_SIZING: SizingPolicy = {
  kellyShare: null,
  tradesMin: 1,
  updateEveryTrades: 1,
  volatilityTarget: null,
  drawdownCut: null,
  fractionMax: 1,
};
