import type { Denial, Limits, OrderTerms } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { denial } from './denial.ts';
import { checkProtection } from './protection-checks.ts';
import { checkStopDistance, distanceBps } from './stop-distance.ts';

type InstrumentLimits = Limits['instruments'][string];

/** Everything about the order's prices, against a reference price that was checked. */
export function checkPrices(terms: OrderTerms, limits: InstrumentLimits, reference: string): Denial[] {
  return [
    ...checkNotional(terms, limits, reference),
    ...checkCollar(terms, limits, reference),
    ...checkStop(terms, limits, reference),
    ...checkProtection(terms, limits, reference),
  ];
}

/** By the price that the order names, its limit before its stop; the largest by the highest that it can be worth now. */
function checkNotional(terms: OrderTerms, limits: InstrumentLimits, reference: string): Denial[] {
  const denials: Denial[] = [];
  const quantity = new Decimal(terms.quantity);
  const named = [terms.limit_price, terms.stop_price]
    .filter((price) => price !== null)
    .map((text) => new Decimal(text));
  const market = new Decimal(reference);
  const lowest = quantity.times(named[0] ?? market);
  const highest = named.length === 0 ? lowest : quantity.times(Decimal.max(market, ...named));
  if (lowest.lt(new Decimal(limits.notional_min))) {
    denials.push(
      denial(
        'notional_below_min',
        'the notional is below the minimum',
        limits.notional_min,
        decimalText(lowest),
      ),
    );
  }
  if (highest.gt(new Decimal(limits.notional_max))) {
    denials.push(
      denial(
        'notional_above_max',
        'the notional is above the maximum',
        limits.notional_max,
        decimalText(highest),
      ),
    );
  }
  return denials;
}

/** A limit is judged by the price at which it begins to count: the stop of a stop-limit, the market of any other. */
function checkCollar(terms: OrderTerms, limits: InstrumentLimits, reference: string): Denial[] {
  if (terms.limit_price === null) return [];
  const distance = distanceBps(terms.limit_price, terms.stop_price ?? reference);
  if (distance.lte(limits.collar_bps)) return [];
  const from = terms.stop_price === null ? 'reference price' : 'stop price';
  return [
    denial(
      'price_outside_collar',
      `the limit price is too far from the ${from}, in bps`,
      `${limits.collar_bps}`,
      decimalText(distance.toDecimalPlaces(2, Decimal.ROUND_UP)),
    ),
  ];
}

/** A stop that the market has reached already would be a market order; one far away is not meant. */
function checkStop(terms: OrderTerms, limits: InstrumentLimits, reference: string): Denial[] {
  const { side, stop_price: stopPrice, trail_bps: trailBps } = terms;
  const denials: Denial[] = [];
  if (stopPrice !== null) {
    const isAhead =
      side === 'buy'
        ? new Decimal(stopPrice).gt(new Decimal(reference))
        : new Decimal(stopPrice).lt(new Decimal(reference));
    if (!isAhead) {
      const where = side === 'buy' ? 'above' : 'below';
      denials.push(
        denial(
          'stop_on_wrong_side',
          `the stop price of a ${side} must be ${where} the reference price`,
          reference,
          stopPrice,
        ),
      );
    }
    denials.push(...checkStopDistance(distanceBps(stopPrice, reference), limits, 'the stop price'));
  }
  if (trailBps !== null)
    denials.push(...checkStopDistance(new Decimal(trailBps), limits, 'the trailing stop'));
  return denials;
}
