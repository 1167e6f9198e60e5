import { Decimal as Base } from 'decimal.js';

/** Two full wire decimals (26 digits before the point, 12 after) multiply exactly; only a division rounds. */
const PRECISION_DIGITS = 100;
/** Digits after the point that the wire carries. */
const WIRE_PLACES = 12;

/** Decimal arithmetic for quantities, prices and money. */
export const Decimal = Base.clone({ precision: PRECISION_DIGITS, rounding: Base.ROUND_HALF_EVEN });
export type Decimal = Base;

/** Texts whose numbers are kept, so that what is read over and over, such as limits and prices, is parsed once. */
const KEPT_MAX = 256;
const kept = new Map<string, Decimal>();

/** The number of a decimal text. @throws Error for a text that is not a number. */
export function decimalOf(text: string): Decimal {
  const known = kept.get(text);
  if (known) return known;
  const value = new Decimal(text);
  if (kept.size >= KEPT_MAX) kept.clear();
  kept.set(text, value);
  return value;
}

/** Plain notation without an exponent or a negative zero. */
export function decimalText(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** As the wire carries it: at most 12 digits after the point, rounded half to even. */
export function wireText(value: Decimal): string {
  return decimalText(value.toDecimalPlaces(WIRE_PLACES));
}
