import { Decimal, decimalText } from '../decimal.ts';

/**
 * How much a share of equity buys at a price, rounded down to whole lots; undefined where it is less than one lot.
 * Equity, price and lot are decimal text, price and lot above zero.
 */
export function entryQuantity(
  equity: string,
  fraction: number,
  price: string,
  lotSize: string,
): string | undefined {
  const lots = new Decimal(equity)
    .times(fraction)
    .div(price)
    .div(lotSize)
    .toDecimalPlaces(0, Decimal.ROUND_FLOOR);
  return lots.gt(0) ? decimalText(lots.times(lotSize)) : undefined;
}
