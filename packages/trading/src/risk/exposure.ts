import type { OrderTerms, Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';
import type { HeldPosition, OpenOrder, ReferencePrice } from './inputs.ts';

const ZERO = new Decimal(0);

/** One instrument of an account: what is held, what may fill on each side, and the price that it is valued at. */
export interface InstrumentExposure {
  readonly held: Decimal;
  readonly buying: Decimal;
  readonly selling: Decimal;
  /** The reference price, or the highest price of an open order where that is higher. */
  readonly price: Decimal;
}

/** An instrument's exposure; the order under review is left out of the open orders by its id. */
export function instrumentExposure(
  instrument: string,
  books: { readonly positions: readonly HeldPosition[]; readonly openOrders: readonly OpenOrder[] },
  reference: ReferencePrice,
): InstrumentExposure {
  const orders = books.openOrders.filter((order) => order.instrument === instrument);
  const open = (side: Side) => total(orders.filter((order) => order.side === side));
  return {
    held: total(books.positions.filter((position) => position.instrument === instrument)),
    buying: open('buy'),
    selling: open('sell'),
    price: Decimal.max(reference.price, ...orders.map((order) => order.price)),
  };
}

/** The instrument's exposure once the order is open as well. */
export function withOrder(exposure: InstrumentExposure, order: OrderTerms): InstrumentExposure {
  return {
    held: exposure.held,
    buying: order.side === 'buy' ? exposure.buying.plus(order.quantity) : exposure.buying,
    selling: order.side === 'sell' ? exposure.selling.plus(order.quantity) : exposure.selling,
    price: Decimal.max(exposure.price, order.limit_price ?? 0),
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
export function isReducing(exposure: InstrumentExposure, order: OrderTerms): boolean {
  const { held, buying, selling } = exposure;
  const left =
    order.side === 'sell'
      ? held.minus(selling).minus(order.quantity)
      : held.plus(buying).plus(order.quantity);
  return order.side === 'sell' ? held.gt(0) && left.gte(0) : held.lt(0) && left.lte(0);
}

/**
 * Cash that an instrument keeps bound without leverage: what open buys cost, twice the value of a short (once for
 * what its sale brought in, once to cover it), and the cover of a short that open sells would make.
 */
export function boundCash({ held, buying, selling, price }: InstrumentExposure): Decimal {
  const short = Decimal.max(held.negated(), ZERO);
  const shortToCome = Decimal.max(selling.minus(Decimal.max(held, ZERO)), ZERO);
  return price.times(buying.plus(short.times(2)).plus(shortToCome));
}

function total(parts: readonly { readonly quantity: string }[]): Decimal {
  return parts.reduce((sum, { quantity }) => sum.plus(quantity), ZERO);
}
