import { closeMs, type Bar } from '@aistock/market';
import type { Order } from '@aistock/shared';
import { isFinal } from '@aistock/trading/orders';
import { FLAT_STATE, isFlat, type RoundTrip, type SessionState } from '@aistock/trading/session';
import type { MarketStream } from '../market-stream.ts';

/** The orders of one strategy in one instrument, oldest first. */
export function ordersOf(
  orders: readonly Order[],
  { strategy, instrument }: { readonly strategy: string; readonly instrument: string },
): Order[] {
  return orders
    .filter((order) => order.strategy === strategy && order.instrument === instrument)
    .toSorted((a, b) => a.as_of_ms - b.as_of_ms || a.created_ms - b.created_ms);
}

/** The orders of the last parameter decision that led to a position or still may; empty where none did. */
export function lastRoundTripOrders(orders: readonly Order[]): Order[] {
  const last = orders.findLast((order) => !isFinal(order.status) || order.fills.length > 0);
  return last ? orders.filter(({ config_id }) => config_id === last.config_id) : [];
}

/** The session's state after the last of these bars, as the fills tell it. */
export function stateAfter(bars: readonly Bar[], trip: RoundTrip, stream: MarketStream): SessionState {
  const { entryMs } = trip;
  if (entryMs === null || isFlat(trip.position)) return FLAT_STATE;
  const held = bars.filter(({ openMs }) => closeMs(openMs, stream.timeframe, stream.calendar) > entryMs);
  const first = held[0];
  return first ? { entryMs: first.openMs, barsHeld: held.length } : FLAT_STATE;
}
