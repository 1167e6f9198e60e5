import { Decimal } from './decimal/exact-decimal.ts';

export { Decimal };

/** Digits after the point that the wire carries. */
const WIRE_PLACES = 12;

/** Plain notation without an exponent or a negative zero. */
export function decimalText(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** As the wire carries it: at most 12 digits after the point, rounded half to even. */
export function wireText(value: Decimal): string {
  return decimalText(value.toDecimalPlaces(WIRE_PLACES));
}
