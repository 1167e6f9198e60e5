import type { Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';

/** A position in decimals; see `PositionState`. */
export interface ExactPosition {
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly realisedPnl: Decimal;
  readonly fees: Decimal;
}

/** A fill in decimals; `value` is quantity × price. */
export interface ExactFill {
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly value: Decimal;
  readonly fee: Decimal;
}

export const ZERO: Decimal = new Decimal(0);

export const EXACT_FLAT: ExactPosition = { quantity: ZERO, cost: ZERO, realisedPnl: ZERO, fees: ZERO };

/** Part of a cost that is released when a part of a position closes; rounding stays inside the books. */
const COST_PLACES = 24;
const AVERAGE_PLACES = 12;

/**
 * A position after one more fill, by average cost. A fill that is larger than an opposite position closes it
 * and opens the rest at the fill's price.
 */
export function bookFill(position: ExactPosition, fill: ExactFill): ExactPosition {
  const { quantity: held } = position;
  const buys = fill.side === 'buy';
  const fees = position.fees.plus(fill.fee);
  const quantity = buys ? held.plus(fill.quantity) : held.minus(fill.quantity);
  if (held.isZero() || held.isNegative() !== buys) {
    const cost = buys ? position.cost.plus(fill.value) : position.cost.minus(fill.value);
    return { quantity, cost, realisedPnl: position.realisedPnl, fees };
  }
  const size = held.abs();
  const turns = fill.quantity.gt(size);
  const closing = turns ? size : fill.quantity;
  const released = closing.eq(size) ? position.cost : releasedCost(position, closing);
  const closedValue = turns ? closing.times(fill.price) : fill.value;
  const proceeds = buys ? closedValue.negated() : closedValue;
  const left = position.cost.minus(released);
  const openedValue = turns ? fill.value.minus(closedValue) : ZERO;
  return {
    quantity,
    cost: buys ? left.plus(openedValue) : left.minus(openedValue),
    realisedPnl: position.realisedPnl.plus(proceeds).minus(released),
    fees,
  };
}

/** The cost that leaves the books with a part of the quantity. */
function releasedCost({ quantity, cost }: ExactPosition, closing: Decimal): Decimal {
  return closing.times(cost).div(quantity.abs()).toDecimalPlaces(COST_PLACES);
}

/** By how much a fill changes the account's cash: below zero for a buy, and the fee always costs. */
export function exactCashChange({ side, value, fee }: ExactFill): Decimal {
  return side === 'buy' ? value.plus(fee).negated() : value.minus(fee);
}

/** `cost / quantity`, rounded to 12 places; null while flat. */
export function averagePriceOf({ quantity, cost }: ExactPosition): Decimal | null {
  return quantity.isZero() ? null : cost.div(quantity).toDecimalPlaces(AVERAGE_PLACES);
}

/**
 * A position after a split, by which `denominator` shares became `numerator`: more shares that cost as much in all. The
 * books keep a fraction of a share, to 24 places; what a broker pays for it in cash comes as a fill.
 * @throws RangeError unless both are whole numbers above zero.
 */
export function splitPosition(
  position: ExactPosition,
  numerator: number,
  denominator: number,
): ExactPosition {
  for (const part of [numerator, denominator])
    if (!Number.isSafeInteger(part) || part <= 0)
      throw new RangeError(`a split is of whole numbers above zero, not ${part}`);
  const quantity = position.quantity.times(numerator).div(denominator).toDecimalPlaces(COST_PLACES);
  return { ...position, quantity };
}
