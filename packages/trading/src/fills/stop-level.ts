import { Decimal } from '../decimal.ts';
import { isBetter } from './exact-bar.ts';
import type { VenueOrder } from './venue-order.ts';

const PLACES = 12;
const ONE = new Decimal(1);

/**
 * Where a stop triggers. A trailing stop triggers so far from the best price that it has seen, and where it starts from a
 * stop price never farther than that.
 * @param seen the price at which a trailing stop meets the market that has seen none yet.
 * @throws RangeError for an order without a stop.
 */
export function stopLevel(order: VenueOrder, seen: Decimal): Decimal {
  const { side, trailBps, stopPrice, bestPrice } = order;
  const fixed = stopPrice === null ? undefined : new Decimal(stopPrice);
  if (order.type !== 'trailing_stop') {
    if (!fixed) throw new RangeError(`a ${order.type} order needs a stop price`);
    return fixed;
  }
  if (trailBps === null) throw new RangeError('a trailing stop needs its distance');
  const distance = new Decimal(trailBps).times('0.0001');
  const best = bestPrice === null ? seen : new Decimal(bestPrice);
  const trailing =
    side === 'buy'
      ? best.times(ONE.plus(distance)).toDecimalPlaces(PLACES, Decimal.ROUND_UP)
      : best.times(ONE.minus(distance)).toDecimalPlaces(PLACES, Decimal.ROUND_DOWN);
  return fixed && isBetter(side, fixed, trailing) ? fixed : trailing;
}
