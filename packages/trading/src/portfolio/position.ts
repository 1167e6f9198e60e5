import type { Side } from '@aistock/shared';
import { Decimal, decimalText, wireText } from '../decimal.ts';

/** What of a fill moves a position. Decimal strings; quantity and price above zero, fee zero or above. */
export interface FillAmounts {
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
}

/** A position in one instrument. Decimal strings, money in the account's currency. */
export interface PositionState {
  /** Above zero long, below zero short. */
  readonly quantity: string;
  /**
   * What was paid for the open quantity, below zero for a short. It is exact, while the average price is rounded:
   * cash spent is always cost minus realised profit plus fees, to the last digit.
   */
  readonly cost: string;
  /** `cost / quantity`, rounded to 12 places; null while flat. */
  readonly averagePrice: string | null;
  /** Profit of what was closed, before fees. */
  readonly realisedPnl: string;
  readonly fees: string;
}

export const FLAT: PositionState = {
  quantity: '0',
  cost: '0',
  averagePrice: null,
  realisedPnl: '0',
  fees: '0',
};

/** Part of a cost that is released when a part of a position closes; rounding stays inside the books. */
const COST_PLACES = 24;

/**
 * A position after one more fill, by average cost. A fill that is larger than an opposite position closes it
 * and opens the rest at the fill's price.
 */
export function applyFill(position: PositionState, fill: FillAmounts): PositionState {
  const held = new Decimal(position.quantity);
  const price = new Decimal(fill.price);
  const change = signedQuantity(fill);
  const opposite = held.isNegative() !== change.isNegative() && !held.isZero();
  const closing = opposite ? Decimal.min(held.abs(), change.abs()).times(change.s) : new Decimal(0);
  const released = releasedCost(position, closing);

  const quantity = held.plus(change);
  const cost = new Decimal(position.cost).minus(released).plus(change.minus(closing).times(price));
  const realised = closing.negated().times(price).minus(released);
  return {
    quantity: decimalText(quantity),
    cost: decimalText(cost),
    averagePrice: quantity.isZero() ? null : wireText(cost.div(quantity)),
    realisedPnl: decimalText(realised.plus(position.realisedPnl)),
    fees: decimalText(new Decimal(position.fees).plus(fill.fee)),
  };
}

/** A position after a fee was taken out of what is held: as if so much had been sold at the fill's price to pay it. */
export function payFeeInBase(position: PositionState, quantity: string, price: string): PositionState {
  const fee = decimalText(new Decimal(quantity).times(price));
  return applyFill(position, { side: 'sell', quantity, price, fee });
}

/**
 * A position after a split, by which `denominator` shares became `numerator`: more shares that cost as much in all. The
 * books keep a fraction of a share, to 24 places; what a broker pays for it in cash comes as a fill.
 * @throws RangeError unless both are whole numbers above zero.
 */
export function applySplit(position: PositionState, numerator: number, denominator: number): PositionState {
  for (const part of [numerator, denominator])
    if (!Number.isSafeInteger(part) || part <= 0)
      throw new RangeError(`a split is of whole numbers above zero, not ${part}`);
  const quantity = new Decimal(position.quantity)
    .times(numerator)
    .div(denominator)
    .toDecimalPlaces(COST_PLACES);
  return {
    ...position,
    quantity: decimalText(quantity),
    averagePrice: quantity.isZero() ? null : wireText(new Decimal(position.cost).div(quantity)),
  };
}

/** The cost that leaves the books with the closed quantity (`closing` has the opposite sign of the position). */
function releasedCost(position: PositionState, closing: Decimal): Decimal {
  if (closing.isZero()) return closing;
  const held = new Decimal(position.quantity);
  if (closing.abs().equals(held.abs())) return new Decimal(position.cost);
  return closing.negated().times(position.cost).div(held).toDecimalPlaces(COST_PLACES);
}

/** By how much a fill changes the account's cash: below zero for a buy, and the fee always costs. */
export function cashChange(fill: FillAmounts): string {
  return decimalText(signedQuantity(fill).times(fill.price).negated().minus(fill.fee));
}

function signedQuantity(fill: FillAmounts): Decimal {
  const quantity = new Decimal(fill.quantity);
  return fill.side === 'buy' ? quantity : quantity.negated();
}
