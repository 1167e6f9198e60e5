import type { OrderTerms, Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import type { HeldPosition, OpenOrder, ReferencePrice } from './inputs.ts';

const ZERO = new Decimal(0);

/** One instrument of an account: what is held, what may fill on each side, and the price that it is valued at. */
export interface InstrumentExposure {
  readonly held: Decimal;
  readonly buying: Decimal;
  readonly selling: Decimal;
  /** The reference price, or the highest price of an open order where that is higher; exits of brackets do not raise it. */
  readonly price: Decimal;
}

/** An instrument's exposure; the order under review is left out of the open orders by its id. */
export function instrumentExposure(
  instrument: string,
  books: { readonly positions: readonly HeldPosition[]; readonly openOrders: readonly OpenOrder[] },
  reference: ReferencePrice,
): InstrumentExposure {
  const orders = books.openOrders.filter((order) => order.instrument === instrument);
  const open = (side: Side) => openQuantity(orders.filter((order) => order.side === side));
  return {
    held: total(books.positions.filter((position) => position.instrument === instrument)),
    buying: open('buy'),
    selling: open('sell'),
    price: Decimal.max(
      reference.price,
      ...orders.filter(({ bracket }) => bracket === null).map((order) => order.price),
    ),
  };
}

/** The instrument's exposure once the order is open as well. */
export function withOrder(exposure: InstrumentExposure, order: OrderTerms): InstrumentExposure {
  return {
    held: exposure.held,
    buying: order.side === 'buy' ? exposure.buying.plus(order.quantity) : exposure.buying,
    selling: order.side === 'sell' ? exposure.selling.plus(order.quantity) : exposure.selling,
    price: Decimal.max(exposure.price, order.limit_price ?? 0, order.stop_price ?? 0),
  };
}

/**
 * The largest absolute position that open orders can lead to, whichever of them fill: only the buys, or only the
 * sells, since anything between lies between.
 */
export function worstQuantity({ held, buying, selling }: InstrumentExposure): Decimal {
  return Decimal.max(held.plus(buying).abs(), held.minus(selling).abs());
}

/** {@link worstQuantity} times the price. */
export function grossNotional(exposure: InstrumentExposure): Decimal {
  return worstQuantity(exposure).times(exposure.price);
}

/** Whether an order can only shrink the position, even where all open orders of its side fill as well. */
export function isReducing(
  exposure: InstrumentExposure,
  order: { readonly side: Side; readonly quantity: string },
): boolean {
  const { held, buying, selling } = exposure;
  const left =
    order.side === 'sell'
      ? held.minus(selling).minus(order.quantity)
      : held.plus(buying).plus(order.quantity);
  return order.side === 'sell' ? held.gt(0) && left.gte(0) : held.lt(0) && left.lte(0);
}

/**
 * Cash that an instrument keeps bound without leverage: twice the value of a short (once for what its sale brought in,
 * once to cover it), what open buys cost beyond that cover, and the cover of a short that open sells would make.
 */
export function boundCash({ held, buying, selling, price }: InstrumentExposure): Decimal {
  const short = Decimal.max(held.negated(), ZERO);
  const longToCome = Decimal.max(buying.minus(short), ZERO);
  const shortToCome = Decimal.max(selling.minus(Decimal.max(held, ZERO)), ZERO);
  return price.times(longToCome.plus(short.times(2)).plus(shortToCome));
}

/** What may fill of the orders of one side: of the exits of a bracket the largest, since one cancels the other. */
function openQuantity(orders: readonly OpenOrder[]): Decimal {
  const ordinary = total(orders.filter(({ bracket }) => bracket === null));
  const brackets = Map.groupBy(
    orders.filter(({ bracket }) => bracket !== null),
    ({ bracket }) => bracket,
  );
  return [...brackets.values()].reduce(
    (sum, exits) => sum.plus(Decimal.max(...exits.map(({ quantity }) => quantity))),
    ordinary,
  );
}

function total(parts: readonly { readonly quantity: string }[]): Decimal {
  return parts.reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
}
