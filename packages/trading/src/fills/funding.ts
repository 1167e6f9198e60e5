import { Decimal, decimalText } from '../decimal.ts';

/**
 * What a funding time does to the cash of a position in perpetual futures: rate × mark price × quantity, which longs pay
 * and shorts receive; the other way round where the rate is below zero. Exact decimal text.
 */
export function fundingCash(
  { rate, markPrice }: { readonly rate: string; readonly markPrice: string },
  quantity: string,
): string {
  return decimalText(new Decimal(rate).times(markPrice).times(quantity).negated());
}
