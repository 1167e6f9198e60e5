import { meetsMinimum, type InstrumentRules } from '../core/instruments/instrument-rules.ts';
import { Decimal, decimalText } from '../decimal.ts';

/** A quantity to order, as decimal text, or why there is none. */
export type EntryQuantity =
  { readonly quantity: string } | { readonly refused: 'size_below_lot' | 'notional_below_min' };

/** What a share of equity is turned into. Decimal text; price above zero. */
export interface EntryTerms {
  readonly equity: string;
  /** From 0 to 1. */
  readonly fraction: number;
  readonly price: string;
  readonly rules: InstrumentRules;
}

/** How much a share of equity buys at a price, rounded down to whole lots. */
export function entryQuantity({ equity, fraction, price, rules }: EntryTerms): EntryQuantity {
  const lot = new Decimal(rules.lotSize);
  const lots = new Decimal(equity).times(fraction).divToInt(new Decimal(price).times(lot));
  if (!lots.gt(0)) return { refused: 'size_below_lot' };
  const quantity = decimalText(lots.times(lot));
  return meetsMinimum(quantity, price, rules) ? { quantity } : { refused: 'notional_below_min' };
}
