import type { Side } from '@aistock/shared';
import { Decimal, decimalText } from '../decimal.ts';
import {
  applyFill,
  applySplit,
  FLAT,
  payFeeInBase,
  sum,
  type FillAmounts,
  type PositionState,
} from '../portfolio/index.ts';
import type { InstrumentRules } from './instrument-rules.ts';
import { isDust } from './dust.ts';
import { addFill, closeTrade, openTrade, type OpenTrade, type TradeOutcome } from './open-trade.ts';

/** A fill as it is booked: fees in the account's currency. */
export interface BookedFill extends FillAmounts {
  readonly configId: string;
  readonly atMs: number;
}

/** What a leg is left with, as plain data. */
export interface LegBookState {
  readonly position: PositionState;
  /** What funding paid the position so far, below zero where it cost. */
  readonly funding: string;
  readonly trade: OpenTrade | null;
}

/** What one slot holds in one instrument, exact, and the trade that it is in. */
export class LegBook {
  position: PositionState = FLAT;
  funding = '0';
  trade: OpenTrade | null = null;
  /** The position's quantity as float64. */
  quantity = 0;

  restore({ position, funding, trade }: LegBookState): void {
    this.position = position;
    this.funding = funding;
    this.trade = trade;
    this.quantity = Number(position.quantity);
  }

  get state(): LegBookState {
    return { position: this.position, funding: this.funding, trade: this.trade };
  }

  /**
   * Books a fill. One that turns the position is booked as two: what closes it, and what opens the other way.
   * @param rules in force, which say what is dust; undefined where none are known.
   * @returns the trade that it closed.
   */
  book(fill: BookedFill, rules: InstrumentRules | undefined): TradeOutcome | undefined {
    const held = this.position.quantity;
    if (!turns(this.quantity, fill) || !new Decimal(fill.quantity).gt(magnitude(held)))
      return this.#bookOneWay(fill, rules);
    const closing = magnitude(held);
    const closed = this.#bookOneWay({ ...fill, quantity: closing }, rules);
    const rest = decimalText(new Decimal(fill.quantity).minus(closing));
    this.#bookOneWay({ ...fill, quantity: rest, fee: '0' }, rules);
    return closed;
  }

  payFeeInBase(quantity: string, price: string): void {
    this.position = payFeeInBase(this.position, quantity, price);
    this.quantity = Number(this.position.quantity);
  }

  /** @returns what the account is paid for the position, below zero where it pays. Decimal text. */
  fund(rate: string, markPrice: string): string {
    const paid = decimalText(new Decimal(this.position.quantity).times(markPrice).times(rate).negated());
    this.funding = sum(this.funding, paid);
    return paid;
  }

  split(numerator: number, denominator: number): void {
    this.position = applySplit(this.position, numerator, denominator);
    this.quantity = Number(this.position.quantity);
  }

  #bookOneWay(fill: BookedFill, rules: InstrumentRules | undefined): TradeOutcome | undefined {
    const before = this.position;
    const opposite = turns(this.quantity, fill);
    this.position = applyFill(before, fill);
    this.quantity = Number(this.position.quantity);
    if (!opposite) {
      this.trade ??= openTrade(
        { configId: fill.configId, side: fill.side, entryMs: fill.atMs },
        before,
        this.funding,
      );
      addFill(this.trade.entries, fill.quantity, fill.price);
      return undefined;
    }
    if (this.trade === null) return undefined; // what is left of dust belongs to no trade
    addFill(this.trade.exits, fill.quantity, fill.price);
    const isLeft =
      this.position.quantity === '0' ||
      (rules !== undefined && isDust(this.position.quantity, fill.price, rules));
    if (!isLeft) return undefined;
    const closed = closeTrade(this.trade, this.position, { exitMs: fill.atMs, funding: this.funding });
    this.trade = null;
    return closed;
  }
}

/** Whether a fill goes against what is held. */
function turns(held: number, { side }: { readonly side: Side }): boolean {
  return held !== 0 && held > 0 !== (side === 'buy');
}

function magnitude(amount: string): string {
  return amount.startsWith('-') ? amount.slice(1) : amount;
}
