import { Decimal, decimalText, wireText } from '../decimal.ts';

/** Decimal text, or the decimal itself. */
type Amount = string | Decimal;

/** A quantity and the last price seen for it; null where none was seen. */
export interface Marked {
  readonly quantity: string;
  readonly markPrice: string | null;
}

/** Cash plus what the positions are worth at their marks; undefined while an open position has no mark. */
export function equity(cash: string, positions: readonly Marked[]): string | undefined {
  let total = new Decimal(cash);
  for (const { quantity, markPrice } of positions) {
    if (new Decimal(quantity).isZero()) continue;
    if (markPrice === null) return undefined;
    total = total.plus(new Decimal(quantity).times(markPrice));
  }
  return decimalText(total);
}

/** Profit that closing at the mark would bring, before fees; undefined while an open position has no mark. */
export function unrealisedPnl(position: Marked & { readonly cost: string }): string | undefined {
  const quantity = new Decimal(position.quantity);
  if (quantity.isZero()) return '0';
  if (position.markPrice === null) return undefined;
  return decimalText(quantity.times(position.markPrice).minus(position.cost));
}

/** A sum of decimal strings. */
export function sum(...amounts: readonly string[]): string {
  return decimalText(amounts.reduce((total, amount) => total.plus(amount), new Decimal(0)));
}

/** The product of two decimal strings. */
export function product(left: string, right: string): string {
  return decimalText(new Decimal(left).times(right));
}

/** Whether two decimal strings are the same number: `1.0` and `1` are. */
export function sameAmount(left: string, right: string): boolean {
  return new Decimal(left).equals(right);
}

/** An amount from the books as the wire carries it: at most 12 digits after the point. */
export function toWire(amount: string): string {
  return wireText(new Decimal(amount));
}

/**
 * Whether cash carries a position without leverage: cash is not below zero, and a short is covered twice,
 * once for what its sale brought in and once for its full value.
 */
export function isFunded(cash: Amount, quantity: Amount, price: Amount): boolean {
  const free = new Decimal(cash);
  const held = new Decimal(quantity);
  return held.isNegative() ? free.gte(held.abs().times(price).times(2)) : !free.isNegative();
}

/** Whether going from one quantity to another only shrinks a position: towards zero, never through it. */
export function reducesOnly(before: Amount, after: Amount): boolean {
  const from = new Decimal(before);
  const to = new Decimal(after);
  return to.abs().lt(from.abs()) && (to.isZero() || to.isNegative() === from.isNegative());
}
