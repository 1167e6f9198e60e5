import type { Bar } from '@aistock/market';
import type { VenueHolding, VenueOrder } from './venue-order.ts';
import { isPendingStop } from './working-order.ts';

/**
 * Whether a bar passes an order by without a trace, as most bars do with most orders that wait. Prices are compared as
 * float64, which is quick and never wrong here: rounding keeps the order of two decimals, or makes them equal.
 */
export function isUntouched(order: VenueOrder, bar: Bar, holding: VenueHolding): boolean {
  if (order.timeInForce !== 'gtc' || order.type === 'trailing_stop') return false;
  const buys = order.side === 'buy';
  const held = Number(holding.quantity);
  if (order.reduceOnly && (buys ? held >= 0 : held <= 0)) return false;
  if (isPendingStop(order)) {
    const stop = Number(order.stopPrice ?? Number.NaN);
    return buys ? Number(bar.high) < stop : Number(bar.low) > stop;
  }
  const limit = Number(order.limitPrice ?? Number.NaN);
  return order.resting && (buys ? Number(bar.low) > limit : Number(bar.high) < limit);
}
