import { SelectionPolicy as WirePolicy } from '@aistock/shared';

/** When and how the strategies of an instrument are chosen. */
export interface SelectionPolicy {
  readonly intervalMs: number;
  /** Most slots of one instrument that may enter at a time. */
  readonly enabledMax: number;
  /** By how much a slot's score must beat that of an enabled one to take its place; reward per trade. */
  readonly hysteresis: number;
  /** Closed trades of a slot that count as recent. */
  readonly recentTrades: number;
  /** Trades that earned nothing that are mixed in with the recent ones. */
  readonly priorTrades: number;
  /** What a regime that speaks wholly for a strategy counts for; reward per trade. */
  readonly regimeWeight: number;
}

/** A policy as it comes over the wire. */
export function selectionPolicy(wire: WirePolicy): SelectionPolicy {
  return {
    intervalMs: wire.interval_ms,
    enabledMax: wire.enabled_max,
    hysteresis: wire.hysteresis,
    recentTrades: wire.recent_trades,
    priorTrades: wire.prior_trades,
    regimeWeight: wire.regime_weight,
  };
}

/** What a request that says nothing about selection gets. */
export const DEFAULT_SELECTION: SelectionPolicy = selectionPolicy(WirePolicy.parse({}));
