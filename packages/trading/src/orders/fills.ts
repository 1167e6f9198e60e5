import type { OrderStatus } from '@aistock/shared';
import { Decimal, decimalText, wireText } from '../decimal.ts';
import { nextStatus } from './transitions.ts';

/** How far an order is filled. Decimal strings. */
export interface OrderProgress {
  readonly status: OrderStatus;
  readonly quantity: string;
  readonly filledQuantity: string;
  /** Quantity-weighted price of its fills, rounded to 12 places; null before the first. */
  readonly averagePrice: string | null;
  readonly fees: string;
}

/** An execution reported more than the order asked for. */
export class Overfill extends Error {
  override readonly name = 'Overfill';
}

/**
 * An order after one more fill.
 * @throws IllegalTransition where the order cannot fill, Overfill where the fill is larger than what is left.
 */
export function applyFillToOrder(
  order: OrderProgress,
  fill: { readonly quantity: string; readonly price: string; readonly fee: string },
): OrderProgress {
  const filledBefore = new Decimal(order.filledQuantity);
  const filled = filledBefore.plus(fill.quantity);
  const quantity = new Decimal(order.quantity);
  if (filled.gt(quantity)) {
    throw new Overfill(`fills of ${decimalText(filled)} exceed the order's ${order.quantity}`);
  }
  const value = filledBefore
    .times(order.averagePrice ?? 0)
    .plus(new Decimal(fill.quantity).times(fill.price));
  return {
    status: nextStatus(order.status, filled.equals(quantity) ? 'fill_rest' : 'fill_part'),
    quantity: order.quantity,
    filledQuantity: decimalText(filled),
    averagePrice: wireText(value.div(filled)),
    fees: decimalText(new Decimal(order.fees).plus(fill.fee)),
  };
}
