import type { Denial, Limits, OrderTerms } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import { denial } from './denial.ts';

type InstrumentLimits = Limits['instruments'][string];

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
  const { quantity, protection } = terms;
  const prices = [
    { name: 'limit price', price: terms.limit_price },
    { name: 'stop price', price: terms.stop_price },
    { name: "protection's stop price", price: protection?.stop_price ?? null },
    { name: "protection's target price", price: protection?.target_price ?? null },
  ];
  for (const { name, price } of prices) {
    if (price === null || isMultiple(price, limits.tick_size)) continue;
    denials.push(
      denial('price_off_tick', `the ${name} is not a multiple of the tick`, limits.tick_size, price),
    );
  }
  if (!isMultiple(quantity, limits.lot_size)) {
    denials.push(
      denial('quantity_off_lot', 'the quantity is not a multiple of the lot', limits.lot_size, quantity),
    );
  }
  if (new Decimal(quantity).gt(new Decimal(limits.quantity_max))) {
    denials.push(
      denial('quantity_above_max', 'the quantity is above the maximum', limits.quantity_max, quantity),
    );
  }
  return denials;
}

/** What the order's type and the hours of its instrument leave of its time in force. */
export function checkTimes(terms: OrderTerms, inRegularHours: boolean | undefined): Denial[] {
  const denials: Denial[] = [];
  const waits = terms.order_type !== 'market' && terms.order_type !== 'limit';
  if (waits && (terms.time_in_force === 'ioc' || terms.time_in_force === 'fok')) {
    denials.push(
      denial(
        'time_in_force_not_allowed',
        `a ${terms.order_type} order waits for its price, so that it cannot be immediate`,
        'day, gtc',
        terms.time_in_force,
      ),
    );
  }
  const mayBeExtended = terms.order_type === 'limit' || terms.protection !== null;
  if (terms.extended_hours && !mayBeExtended && inRegularHours !== true) {
    const when = inRegularHours === undefined ? 'while the hours are not known' : 'out of the regular hours';
    denials.push(
      denial(
        'extended_hours_not_allowed',
        `only limit orders and brackets may trade ${when}`,
        'limit, bracket',
        terms.order_type,
      ),
    );
  }
  return denials;
}

function isMultiple(amount: string, step: string): boolean {
  return new Decimal(amount).mod(step).isZero();
}
