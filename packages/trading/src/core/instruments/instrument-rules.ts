import type { InstrumentRules as WireRules, Side } from '@aistock/shared';
import { Decimal, decimalText } from '../../decimal.ts';

/** What a venue takes of an instrument from a day on. Decimal text; lot and tick above zero, the minimum zero or above. */
export interface InstrumentRules {
  /** From when they hold, Unix ms. */
  readonly fromMs: number;
  readonly lotSize: string;
  readonly tickSize: string;
  readonly notionalMin: string;
}

/** Rules as they come over the wire. */
export function instrumentRules(wire: readonly WireRules[]): InstrumentRules[] {
  return wire.map(({ from_ms, lot_size, tick_size, notional_min }) => ({
    fromMs: from_ms,
    lotSize: lot_size,
    tickSize: tick_size,
    notionalMin: notional_min,
  }));
}

/**
 * The rules in force at a time: the last that began by then, in whatever order they are listed. Undefined before the first:
 * what a venue took then is not known, so nothing is ordered.
 */
export function rulesAt(rules: readonly InstrumentRules[], atMs: number): InstrumentRules | undefined {
  let inForce: InstrumentRules | undefined;
  for (const each of rules)
    if (each.fromMs <= atMs && (inForce === undefined || each.fromMs > inForce.fromMs)) inForce = each;
  return inForce;
}

/** The most whole lots that are in a quantity of zero or above, as decimal text; null where it is less than one. */
export function quantityOnLot(quantity: string, { lotSize }: InstrumentRules): string | null {
  const lot = new Decimal(lotSize);
  const lots = new Decimal(quantity).divToInt(lot);
  return lots.gt(0) ? decimalText(lots.times(lot)) : null;
}

/** The least that can be ordered at a price above zero: a lot, or as many as the minimum takes. Decimal text. */
export function leastQuantity(price: string, { lotSize, notionalMin }: InstrumentRules): string {
  const worth = new Decimal(lotSize).times(price);
  const below = new Decimal(notionalMin).divToInt(worth);
  const lots = worth.times(below).lt(notionalMin) ? below.plus(1) : below;
  return decimalText(Decimal.max(1, lots).times(lotSize));
}

/** Which way a price may go to reach the tick: for the one who orders (a buy lower, a sell higher) or against. */
export type TickRounding = 'in_favour' | 'against';

/** Digits that a float64 holds for certain. */
const FLOAT64_DIGITS = 15;

/**
 * A price brought to the tick, as decimal text; null where nothing above zero is left. A number is read by its first 15
 * significant digits, so that the noise behind them, as in 0.1 + 0.2, does not push a price to the next tick; text is exact.
 * @throws Error for what is not a number.
 */
export function priceOnTick(
  price: number | string,
  side: Side,
  rounding: TickRounding,
  { tickSize }: InstrumentRules,
): string | null {
  if (typeof price === 'number' && !Number.isFinite(price)) return null;
  const exact = new Decimal(typeof price === 'number' ? price.toPrecision(FLOAT64_DIGITS) : price);
  if (!exact.gt(0)) return null;
  const below = exact.divToInt(tickSize).times(tickSize);
  const down = (side === 'buy') === (rounding === 'in_favour');
  const onTick = down || below.eq(exact) ? below : below.plus(tickSize);
  return onTick.gt(0) ? decimalText(onTick) : null;
}

/** Whether quantity × price is worth the venue's minimum. Decimal text. */
export function meetsMinimum(quantity: string, price: string, { notionalMin }: InstrumentRules): boolean {
  return new Decimal(quantity).times(new Decimal(price)).gte(new Decimal(notionalMin));
}
