import type { Side } from '@aistock/shared';
import { Decimal } from '../../decimal.ts';
import type { FillCosts } from '../../fills/index.ts';
import { feeOf } from '../../fills/fill-costs.ts';

/** A fill of an order of the day. Amounts are decimal text. */
export interface DayFill {
  readonly decisionId: string;
  readonly protection: 'stop' | 'target' | null;
  readonly slot: string;
  readonly stream: string;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  readonly feeTakenIn: 'quote' | 'base';
  /** Open time of the bar that it came in, Unix ms. */
  readonly barOpenMs: number;
  /** As which it pays the fee; undefined where nobody said. */
  readonly liquidity?: 'maker' | 'taker';
}

/** A quantity at a price. */
export interface Lot {
  readonly quantity: Decimal;
  readonly price: Decimal;
}

/** What a lot that was bought or sold comes to at a mark, before fees. */
export function gain(side: Side, { quantity, price }: Lot, mark: Decimal): Decimal {
  const moved = mark.minus(price).times(quantity);
  return side === 'buy' ? moved : moved.negated();
}

/** What the fee of a fill costs in the account's currency; one that was taken out of what was bought counts at the mark. */
export function feeCost({ fee, feeTakenIn }: Pick<DayFill, 'fee' | 'feeTakenIn'>, mark: Decimal): Decimal {
  return feeTakenIn === 'base' ? new Decimal(fee).times(mark) : new Decimal(fee);
}

/** What a backtest would charge for a lot, in the account's currency. */
export function modelFee(
  costs: FillCosts,
  { side, liquidity }: { readonly side: Side; readonly liquidity: 'maker' | 'taker' },
  { quantity, price }: Lot,
  mark: Decimal,
): Decimal {
  const share = liquidity === 'maker' ? costs.makerShare : costs.takerShare;
  return costs.takenIn === 'base' && side === 'buy'
    ? feeOf(share, quantity).times(mark)
    : feeOf(share, quantity.times(price));
}
