import { Decimal, decimalText } from '../decimal.ts';
import { cashChange, equity } from '../portfolio/index.ts';
import type { FillEvent } from './events.ts';
import type { InstrumentRules } from './instrument-rules.ts';
import type { LegBook } from './leg-book.ts';
import type { TradeOutcome } from './open-trade.ts';
import type { StreamState } from './stream-state.ts';

/** One slot's holding in one instrument, and the stream that marks it. */
export interface AccountLeg {
  readonly stream: StreamState;
  readonly book: LegBook;
}

/** Cash and everything that is held with it, exact, from fills alone. */
export class AccountBook {
  readonly #legs: readonly AccountLeg[];
  #cash: Decimal;
  /** The same as float64, for curves. */
  #cashFloat: number;
  /** Counts every change, so that what was made of the books can be kept until the next one. */
  version = 0;

  constructor(cash: string, legs: readonly AccountLeg[]) {
    this.#cash = new Decimal(cash);
    this.#cashFloat = Number(cash);
    this.#legs = legs;
  }

  /** Decimal text. */
  get cash(): string {
    return decimalText(this.#cash);
  }

  /** At the newest closes, exact; null while a position has no mark. */
  get equityText(): string | null {
    return (
      equity(
        this.cash,
        this.#legs.map(({ book, stream }) => ({
          quantity: book.position.quantity,
          markPrice: book.quantity === 0 ? null : stream.closeText,
        })),
      ) ?? null
    );
  }

  /** The same as float64. */
  get equity(): number | null {
    let total = this.#cashFloat;
    for (const { book, stream } of this.#legs) {
      if (book.quantity === 0) continue;
      if (stream.cursor.count === 0) return null;
      total += book.quantity * stream.cursor.close(0);
    }
    return total;
  }

  /** Whether anything is held. */
  get isHolding(): boolean {
    for (const { book } of this.#legs) if (book.quantity !== 0) return true;
    return false;
  }

  /** What the account holds of an instrument over all slots. */
  held(instrument: string): Decimal {
    let total = new Decimal(0);
    for (const { book, stream } of this.#legs)
      if (stream.setup.instrument === instrument) total = total.plus(book.position.quantity);
    return total;
  }

  /**
   * @param fee whether the fee was taken in the account's currency or in what is traded.
   * @returns the trade that the fill closed.
   */
  book(
    leg: AccountLeg,
    fill: FillEvent & { readonly configId: string },
    fee: { readonly inBase: boolean; readonly rules: InstrumentRules | undefined },
  ): TradeOutcome | undefined {
    this.version++;
    const paid = fee.inBase ? { ...fill, fee: '0' } : fill;
    this.#pay(cashChange(paid));
    const closed = leg.book.book(paid, fee.rules);
    if (fee.inBase) leg.book.payFeeInBase(fill.fee, fill.price);
    return closed;
  }

  /** Funding of an instrument at a time: longs pay shorts where the rate is above zero. */
  fund(instrument: string, rate: string, markPrice: string): void {
    this.version++;
    for (const { book, stream } of this.#legs)
      if (stream.setup.instrument === instrument && book.quantity !== 0)
        this.#pay(book.fund(rate, markPrice));
  }

  split(instrument: string, numerator: number, denominator: number): void {
    this.version++;
    for (const { book, stream } of this.#legs)
      if (stream.setup.instrument === instrument) book.split(numerator, denominator);
  }

  #pay(change: string): void {
    this.#cash = this.#cash.plus(change);
    this.#cashFloat = this.#cash.toNumber();
  }
}
