import type { Side } from '@aistock/shared';
import type { Decimal } from '../../decimal.ts';
import {
  bookFill,
  EXACT_FLAT,
  splitPosition,
  ZERO,
  type ExactFill,
  type ExactPosition,
} from '../../portfolio/index.ts';
import { addLot } from './config-lots.ts';
import {
  addFill,
  closeTrade,
  meanEntryMs,
  openTrade,
  takePiece,
  type OpenTrade,
  type TradeOutcome,
} from './open-trade.ts';

/** A fill as it is booked: its fee in the account's currency. */
export interface BookedFill extends ExactFill {
  readonly configId: string;
  readonly atMs: number;
  /** Whether it is of a quote: an inventory is seldom flat, so that each part that is closed is a trade of its own. */
  readonly isQuote: boolean;
}

/** What one slot holds in one instrument, exact, and the trade that it is in. */
export class LegBook {
  #position: ExactPosition = EXACT_FLAT;
  #quantity = 0;
  /** What funding paid the position so far, below zero where it cost. */
  funding: Decimal = ZERO;
  trade: OpenTrade | null = null;

  get position(): ExactPosition {
    return this.#position;
  }

  set position(position: ExactPosition) {
    this.#position = position;
    this.#quantity = position.quantity.toNumber();
  }

  /** The position's quantity as float64. */
  get quantity(): number {
    return this.#quantity;
  }

  /**
   * Books a fill. One that turns the position is booked as two: what closes it, and what opens the other way.
   * @param isDust whether what is left of a position at the fill's price counts as nothing.
   * @returns the trade that it closed.
   */
  book(fill: BookedFill, isDust: (quantity: Decimal) => boolean): TradeOutcome | undefined {
    if (!this.#isOpposite(fill.side)) {
      this.#open(fill);
      return undefined;
    }
    const size = this.#position.quantity.abs();
    if (fill.quantity.lte(size)) return this.#close(fill, isDust);
    const closed = this.#close({ ...fill, quantity: size, value: size.times(fill.price) }, isDust);
    const rest = fill.quantity.minus(size);
    this.#open({ ...fill, quantity: rest, value: rest.times(fill.price), fee: ZERO });
    return closed;
  }

  /** Takes a fee out of what is held: as if so much had been sold at the fill's price to pay it. */
  payFeeInBase(quantity: Decimal, price: Decimal): void {
    const value = quantity.times(price);
    this.position = bookFill(this.#position, { side: 'sell', quantity, price, value, fee: value });
  }

  /** @returns what the account is paid for the position, below zero where it pays. */
  fund(rate: Decimal, markPrice: Decimal): Decimal {
    const paid = this.#position.quantity.times(markPrice).times(rate).negated();
    this.funding = this.funding.plus(paid);
    return paid;
  }

  split(numerator: number, denominator: number): void {
    this.position = splitPosition(this.#position, numerator, denominator);
    if (this.trade === null) return;
    const lots = this.trade.lots.map((lot) => ({
      ...lot,
      quantity: lot.quantity.times(numerator).div(denominator),
    }));
    this.trade = { ...this.trade, lots };
  }

  #open(fill: BookedFill): void {
    const before = this.#position;
    this.position = bookFill(before, fill);
    const { side, atMs } = fill;
    const trade = this.trade ?? openTrade({ side, entryMs: atMs }, before, this.funding);
    this.trade = {
      ...trade,
      entryMs: fill.isQuote ? meanEntryMs(trade, before, fill) : trade.entryMs,
      lots: addLot(trade.lots, fill),
      entries: addFill(trade.entries, fill),
    };
  }

  #close(fill: BookedFill, isDust: (quantity: Decimal) => boolean): TradeOutcome | undefined {
    const before = this.#position;
    this.position = bookFill(before, fill);
    if (this.trade === null) return undefined; // what is left of dust belongs to no trade
    const isLeft = this.#quantity === 0 || isDust(this.#position.quantity);
    if (fill.isQuote && !isLeft) {
      const { piece, rest } = takePiece(this.trade, fill, {
        before,
        after: this.#position,
        funding: this.funding,
      });
      this.trade = rest;
      return piece;
    }
    const trade = { ...this.trade, exits: addFill(this.trade.exits, fill) };
    this.trade = isLeft ? null : trade;
    if (!isLeft) return undefined;
    return closeTrade(trade, this.#position, { exitMs: fill.atMs, funding: this.funding });
  }

  /** Whether a fill goes against what is held. */
  #isOpposite(side: Side): boolean {
    return this.#quantity !== 0 && this.#quantity > 0 !== (side === 'buy');
  }
}
