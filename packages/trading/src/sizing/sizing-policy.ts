import { SizingPolicy as WirePolicy } from '@aistock/shared';

/** How large an entry may be; fractions of equity. */
export interface SizingPolicy {
  /** Share of the full Kelly bet; null leaves Kelly out. */
  readonly kellyShare: number | null;
  /** Trades before Kelly says anything; until then the strategy's own fraction holds. */
  readonly tradesMin: number;
  /** Of the newest trades, how many count; at least `tradesMin`. */
  readonly tradesMax: number;
  /** Trades after which it is computed anew. */
  readonly updateEveryTrades: number;
  /** Trades without an edge that are mixed in with those that were made. */
  readonly priorTrades: number;
  /**
   * Share of what it wishes that Kelly leaves a slot however bad its record is, so that new trades can mend it; 0 leaves
   * nothing, and then a slot without an edge stays out for good.
   */
  readonly probeShare: number;
  /** Wished volatility of the position, fraction a year; null does not aim for one. */
  readonly volatilityTarget: number | null;
  /** Returns that the volatility is measured over. */
  readonly volatilityBars: number;
  /** Drawdown of the account's equity from which sizes are cut, and at which nothing is entered; null does not cut. */
  readonly drawdownCut: { readonly from: number; readonly to: number } | null;
  /** No entry is larger. */
  readonly fractionMax: number;
}

/** A policy as it comes over the wire. */
export function sizingPolicy(wire: WirePolicy): SizingPolicy {
  return {
    kellyShare: wire.kelly_share,
    tradesMin: wire.trades_min,
    tradesMax: wire.trades_max,
    updateEveryTrades: wire.update_every_trades,
    priorTrades: wire.prior_trades,
    probeShare: wire.probe_share,
    volatilityTarget: wire.volatility_target,
    volatilityBars: wire.volatility_bars,
    drawdownCut: wire.drawdown_cut,
    fractionMax: wire.fraction_max,
  };
}

/** What a request that says nothing about sizing gets. */
export const DEFAULT_SIZING: SizingPolicy = sizingPolicy(WirePolicy.parse({}));

/** Takes what the strategy asks for. */
export const FIXED_SIZING: SizingPolicy = {
  ...DEFAULT_SIZING,
  kellyShare: null,
  volatilityTarget: null,
  drawdownCut: null,
  fractionMax: 1,
};
