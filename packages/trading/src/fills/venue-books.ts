import type { Side } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import { isFunded, reducesOnly } from '../portfolio/index.ts';
import { feeOf, type FillCosts } from './fill-costs.ts';
import type { VenueHolding } from './venue-order.ts';

/** A part of an order at a price. */
export interface Deal {
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly liquidity: 'maker' | 'taker';
}

/** What a deal does to the books. */
export interface BookedDeal {
  readonly fee: Decimal;
  readonly feeTakenIn: 'quote' | 'base';
  /** What a buy brought in: less than the quantity where the fee is taken in the base. */
  readonly received: Decimal;
}

/** Cash and quantity at the venue while a bar passes. Nothing is lent: see `isFunded`. */
export class VenueBooks {
  #cash: Decimal;
  #quantity: Decimal;

  constructor({ cash, quantity }: VenueHolding) {
    this.#cash = new Decimal(cash);
    this.#quantity = new Decimal(quantity);
  }

  get holding(): VenueHolding {
    return { cash: decimalText(this.#cash), quantity: decimalText(this.#quantity) };
  }

  /** How much an order of this side can trade before the position is flat. */
  reducible(side: Side): Decimal {
    const held = side === 'sell' ? this.#quantity : this.#quantity.negated();
    return held.isNegative() ? new Decimal(0) : held;
  }

  /** Books a deal, or answers undefined and changes nothing where the cash does not carry it. */
  take(deal: Deal, costs: FillCosts): BookedDeal | undefined {
    const { side, quantity, price, liquidity } = deal;
    const share = liquidity === 'maker' ? costs.makerShare : costs.takerShare;
    const notional = price.times(quantity);
    const inBase = costs.takenIn === 'base' && side === 'buy';
    const fee = feeOf(share, inBase ? quantity : notional);
    const received = inBase ? quantity.minus(fee) : quantity;
    const buys = side === 'buy';
    const paid = inBase ? notional : buys ? notional.plus(fee) : notional.minus(fee);
    const cash = buys ? this.#cash.minus(paid) : this.#cash.plus(paid);
    const held = buys ? this.#quantity.plus(received) : this.#quantity.minus(quantity);
    if (!isFunded(cash, held, price) && !reducesOnly(this.#quantity, held)) return undefined;
    this.#cash = cash;
    this.#quantity = held;
    return { fee, feeTakenIn: inBase ? 'base' : 'quote', received };
  }
}
