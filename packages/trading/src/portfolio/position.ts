import type { Side } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import {
  averagePriceOf,
  bookFill,
  exactCashChange,
  type ExactFill,
  type ExactPosition,
} from './exact-position.ts';

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

/**
 * A position after one more fill, by average cost. A fill that is larger than an opposite position closes it
 * and opens the rest at the fill's price.
 */
export function applyFill(position: PositionState, fill: FillAmounts): PositionState {
  return positionState(bookFill(exactPosition(position), exactFill(fill)));
}

/** A position after a fee was taken out of what is held: as if so much had been sold at the fill's price to pay it. */
export function payFeeInBase(position: PositionState, quantity: string, price: string): PositionState {
  const fee = decimalText(new Decimal(quantity).times(price));
  return applyFill(position, { side: 'sell', quantity, price, fee });
}

/** By how much a fill changes the account's cash: below zero for a buy, and the fee always costs. */
export function cashChange(fill: FillAmounts): string {
  return decimalText(exactCashChange(exactFill(fill)));
}

/** A position as it is told and kept. */
export function positionState(position: ExactPosition): PositionState {
  const averagePrice = averagePriceOf(position);
  return {
    quantity: decimalText(position.quantity),
    cost: decimalText(position.cost),
    averagePrice: averagePrice && decimalText(averagePrice),
    realisedPnl: decimalText(position.realisedPnl),
    fees: decimalText(position.fees),
  };
}

export function exactPosition({ quantity, cost, realisedPnl, fees }: PositionState): ExactPosition {
  return {
    quantity: new Decimal(quantity),
    cost: new Decimal(cost),
    realisedPnl: new Decimal(realisedPnl),
    fees: new Decimal(fees),
  };
}

export function exactFill({ side, ...fill }: FillAmounts): ExactFill {
  const quantity = new Decimal(fill.quantity);
  const price = new Decimal(fill.price);
  return { side, quantity, price, value: quantity.times(price), fee: new Decimal(fill.fee) };
}
