import type { Denial, Limits, OrderTerms } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { denial } from './denial.ts';

type InstrumentLimits = Limits['instruments'][string];

const BPS_PER_ONE = 10_000;

/** Whether the account may trade this instrument by this strategy at all. */
export function checkPermissions(terms: OrderTerms, limits: Limits): Denial[] {
  const denials: Denial[] = [];
  if (!Object.hasOwn(limits.instruments, terms.instrument)) {
    denials.push(denial('instrument_unknown', `no limits are set for ${terms.instrument}`));
  }
  if (limits.restricted.includes(terms.instrument)) {
    denials.push(denial('instrument_restricted', `${terms.instrument} is on the restricted list`));
  }
  if (!limits.strategies.includes(terms.strategy)) {
    denials.push(denial('strategy_not_permitted', `${terms.strategy} may not trade in ${terms.account}`));
  }
  return denials;
}

/** Tick, lot and the largest quantity. */
export function checkSize(terms: OrderTerms, limits: InstrumentLimits): Denial[] {
  const denials: Denial[] = [];
  const { quantity, limit_price: limitPrice } = terms;
  if (limitPrice !== null && !isMultiple(limitPrice, limits.tick_size)) {
    denials.push(
      denial('price_off_tick', 'the limit price is not a multiple of the tick', limits.tick_size, limitPrice),
    );
  }
  if (!isMultiple(quantity, limits.lot_size)) {
    denials.push(
      denial('quantity_off_lot', 'the quantity is not a multiple of the lot', limits.lot_size, quantity),
    );
  }
  if (new Decimal(quantity).gt(limits.quantity_max)) {
    denials.push(
      denial('quantity_above_max', 'the quantity is above the maximum', limits.quantity_max, quantity),
    );
  }
  return denials;
}

/** Notional and collar, against a reference price that was checked. */
export function checkPrice(terms: OrderTerms, limits: InstrumentLimits, reference: string): Denial[] {
  const denials: Denial[] = [];
  const quantity = new Decimal(terms.quantity);
  const limitPrice = terms.limit_price ?? reference;
  const lowest = quantity.times(limitPrice);
  const highest = quantity.times(Decimal.max(limitPrice, reference));
  if (lowest.lt(limits.notional_min)) {
    denials.push(
      denial(
        'notional_below_min',
        'the notional is below the minimum',
        limits.notional_min,
        decimalText(lowest),
      ),
    );
  }
  if (highest.gt(limits.notional_max)) {
    denials.push(
      denial(
        'notional_above_max',
        'the notional is above the maximum',
        limits.notional_max,
        decimalText(highest),
      ),
    );
  }
  const distance = new Decimal(limitPrice).minus(reference).abs().times(BPS_PER_ONE);
  if (distance.gt(new Decimal(reference).times(limits.collar_bps))) {
    const actual = decimalText(distance.div(reference).toDecimalPlaces(2, Decimal.ROUND_UP));
    denials.push(
      denial(
        'price_outside_collar',
        'the limit price is too far from the reference price, in bps',
        `${limits.collar_bps}`,
        actual,
      ),
    );
  }
  return denials;
}

function isMultiple(amount: string, step: string): boolean {
  return new Decimal(amount).mod(step).isZero();
}
