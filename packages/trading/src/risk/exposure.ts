import type { OrderTerms, Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import type { AccountBooks, OpenOrder, ReferencePrice } from './inputs.ts';

type Holdings = Pick<AccountBooks, 'positions' | 'openOrders'>;

const ZERO = new Decimal(0);

/** One instrument of an account: what is held, and what may fill on each side. */
export interface InstrumentQuantities {
  readonly held: Decimal;
  readonly buying: Decimal;
  readonly selling: Decimal;
}

/** The same with the price that it is valued at. */
export interface InstrumentExposure extends InstrumentQuantities {
  /** The reference price, or the highest price of an open order where that is higher; exits of brackets do not raise it. */
  readonly price: Decimal;
}

/** An instrument's exposure; the order under review is left out of the open orders by its id. */
export function instrumentExposure(
  instrument: string,
  books: Holdings,
  reference: ReferencePrice,
): InstrumentExposure {
  return valuedAt(reference, instrument, books, instrumentQuantities(instrument, books));
}

/** The exposure of an instrument whose quantities were counted. */
export function valuedAt(
  reference: ReferencePrice,
  instrument: string,
  { openOrders }: Holdings,
  { held, buying, selling }: InstrumentQuantities,
): InstrumentExposure {
  let price = new Decimal(reference.price);
  for (const order of openOrders)
    if (order.instrument === instrument && order.bracket === null)
      price = larger(price, new Decimal(order.price));
  return { held, buying, selling, price };
}

/** What an instrument's exposure is made of: a missing price does not decide about it. */
export function instrumentQuantities(
  instrument: string,
  { positions, openOrders }: Holdings,
): InstrumentQuantities {
  const orders = openOrders.filter((order) => order.instrument === instrument);
  const open = (side: Side) => openQuantity(orders.filter((order) => order.side === side));
  return {
    held: total(positions.filter((position) => position.instrument === instrument)),
    buying: open('buy'),
    selling: open('sell'),
  };
}

/** The instrument's exposure once the order is open as well. */
export function withOrder(exposure: InstrumentExposure, order: OrderTerms): InstrumentExposure {
  const quantity = new Decimal(order.quantity);
  return {
    held: exposure.held,
    buying: order.side === 'buy' ? exposure.buying.plus(quantity) : exposure.buying,
    selling: order.side === 'sell' ? exposure.selling.plus(quantity) : exposure.selling,
    price: [order.limit_price, order.stop_price].reduce(
      (highest, price) => (price === null ? highest : larger(highest, new Decimal(price))),
      exposure.price,
    ),
  };
}

/**
 * The largest absolute position that open orders can lead to, whichever of them fill: only the buys, or only the
 * sells, since anything between lies between.
 */
export function worstQuantity({ held, buying, selling }: InstrumentExposure): Decimal {
  return larger(plus(held, buying).abs(), (selling.isZero() ? held : held.minus(selling)).abs());
}

/** {@link worstQuantity} times the price. */
export function grossNotional(exposure: InstrumentExposure): Decimal {
  return worstQuantity(exposure).times(exposure.price);
}

/** Whether an order can only shrink the position, even where all open orders of its side fill as well. */
export function isReducing(
  { held, buying, selling }: InstrumentQuantities,
  order: { readonly side: Side; readonly quantity: string },
): boolean {
  const quantity = new Decimal(order.quantity);
  return order.side === 'sell'
    ? held.gt(0) && held.minus(selling).gte(quantity)
    : held.lt(0) && held.plus(buying).plus(quantity).lte(0);
}

/**
 * Cash that an instrument keeps bound without leverage: twice the value of a short (once for what its sale brought in,
 * once to cover it), what open buys cost beyond that cover, and the cover of a short that open sells would make.
 */
export function boundCash({ held, buying, selling, price }: InstrumentExposure): Decimal {
  const short = held.lt(0) ? held.negated() : ZERO;
  const long = held.gt(0) ? held : ZERO;
  const longToCome = buying.gt(short) ? buying.minus(short) : ZERO;
  const shortToCome = selling.gt(long) ? selling.minus(long) : ZERO;
  return price.times(plus(plus(longToCome, plus(short, short)), shortToCome));
}

/** What may fill of the orders of one side: of the exits of a bracket the largest, since one cancels the other. */
function openQuantity(orders: readonly OpenOrder[]): Decimal {
  if (orders.length === 0) return ZERO;
  const ordinary = total(orders.filter(({ bracket }) => bracket === null));
  const brackets = Map.groupBy(
    orders.filter(({ bracket }) => bracket !== null),
    ({ bracket }) => bracket,
  );
  return [...brackets.values()].reduce(
    (sum, exits) => plus(sum, Decimal.max(...exits.map(({ quantity }) => new Decimal(quantity)))),
    ordinary,
  );
}

/** Most parts of an exposure are zero: what is added to nothing is itself. */
function plus(a: Decimal, b: Decimal): Decimal {
  if (a.isZero()) return b;
  return b.isZero() ? a : a.plus(b);
}

function larger(a: Decimal, b: Decimal): Decimal {
  return a.gt(b) ? a : b;
}

function total(parts: readonly { readonly quantity: string }[]): Decimal {
  return parts.reduce((sum, { quantity }) => plus(sum, new Decimal(quantity)), ZERO);
}
