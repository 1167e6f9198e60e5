import { Decimal } from '../../decimal.ts';
import { meetsMinimum, quantityOnLot, type InstrumentRules } from './instrument-rules.ts';

/** How many times the lot and the minimum something must be to be surely more than dust by float64 alone. */
const CLEARLY = 2;

/**
 * What of a position an order can leave, as decimal text: its whole lots, where they are worth the venue's minimum; null
 * where nothing can be left. The rest stays in the books, is marked with the position, and goes with the next exit as soon
 * as it fills a lot.
 * @param held decimal text; above zero long, below zero short.
 * @param price decimal text above zero, of the newest close.
 */
export function exitQuantity(held: string, price: string, rules: InstrumentRules): string | null {
  const quantity = quantityOnLot(held.startsWith('-') ? held.slice(1) : held, rules);
  return quantity !== null && meetsMinimum(quantity, price, rules) ? quantity : null;
}

/**
 * True where something is held that no order can leave, because it is less than a lot or its whole lots are worth less than
 * the minimum. Dust counts as flat: it blocks no entry and asks for no exit. Arguments as in {@link exitQuantity}.
 */
export function isDust(held: string, price: string, rules: InstrumentRules): boolean {
  if (isClearlyMore(Number(held), Number(price), rules) || new Decimal(held).isZero()) return false;
  return exitQuantity(held, price, rules) === null;
}

/**
 * Asked of each position at each bar: the common answer costs no decimal arithmetic. Of two lots and more, more than half are
 * whole ones, so that twice the minimum is enough.
 */
export function isClearlyMore(
  held: number,
  price: number,
  { lotSize, notionalMin }: InstrumentRules,
): boolean {
  const quantity = Math.abs(held);
  return quantity >= CLEARLY * Number(lotSize) && quantity * price >= CLEARLY * Number(notionalMin);
}
