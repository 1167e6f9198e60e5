import { OrderPolicy as WirePolicy } from '@aistock/shared';

/** How a venue and its hours restrict orders; every bound is a number that somebody set. */
export interface OrderPolicy {
  /**
   * Leaves everything so long before the regular session ends, early closes included, and enters nothing from then until
   * the next session; null holds overnight. Needs bars of less than a day.
   */
  readonly flattenBeforeCloseMs: number | null;
  /** Whether entries may be made before and after the regular hours of `xnys`, and then only as limit or bracket orders. */
  readonly extendedHours: boolean;
  /**
   * On intraday bars of `xnys`, in regular hours, an entry at market becomes a limit order that pays at most so much more than
   * the newest close, in basis points; null sends it at market. Exits are at market.
   */
  readonly marketableOffsetBps: number | null;
  /** Most entries that a slot may make in one session (a UTC day where the calendar has none). */
  readonly entriesPerSessionMax: number;
  /** Least time between two entries of a slot. */
  readonly entryIntervalMs: number;
}

/** A policy as it comes over the wire. */
export function orderPolicy(wire: WirePolicy): OrderPolicy {
  return {
    flattenBeforeCloseMs: wire.flatten_before_close_ms,
    extendedHours: wire.extended_hours,
    marketableOffsetBps: wire.marketable_offset_bps,
    entriesPerSessionMax: wire.entries_per_session_max,
    entryIntervalMs: wire.entry_interval_ms,
  };
}

/** What a request that says nothing about orders gets. */
export const DEFAULT_ORDERS: OrderPolicy = orderPolicy(WirePolicy.parse({}));
