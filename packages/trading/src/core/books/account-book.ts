import { Decimal } from '../../decimal.ts';
import { exactCashChange, ZERO } from '../../portfolio/index.ts';
import type { BookedFill, LegBook } from './leg-book.ts';
import type { TradeOutcome } from './open-trade.ts';
import type { StreamState } from '../stream-state.ts';

/** One slot's holding in one instrument, and the stream that marks it. */
export interface AccountLeg {
  readonly stream: StreamState;
  readonly book: LegBook;
}

/** How a fill is booked. */
export interface Booking {
  /** Whether the fee was taken in what is traded, and not in the account's currency. */
  readonly feeInBase: boolean;
  /** Whether what is left of a position counts as nothing. */
  readonly isDust: (quantity: Decimal) => boolean;
}

/** Cash and everything that is held with it, exact, from fills alone. */
export class AccountBook {
  readonly #legs: readonly AccountLeg[];
  #cash: Decimal;
  /** The same as float64, for curves. */
  #cashFloat: number;

  /** @param cash decimal text. */
  constructor(cash: string, legs: readonly AccountLeg[]) {
    this.#cash = new Decimal(cash);
    this.#cashFloat = Number(cash);
    this.#legs = legs;
  }

  get cash(): Decimal {
    return this.#cash;
  }

  /** At the newest closes; null while a position has no mark. */
  get equity(): Decimal | null {
    let total = this.#cash;
    for (const { book, stream } of this.#legs) {
      if (book.quantity === 0) continue;
      const { closeText } = stream;
      if (closeText === null) return null;
      total = total.plus(book.position.quantity.times(closeText));
    }
    return total;
  }

  /** The same as float64. */
  get equityFloat(): number | null {
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
    let total = ZERO;
    for (const { book, stream } of this.#legs)
      if (book.quantity !== 0 && stream.setup.instrument === instrument)
        total = total.plus(book.position.quantity);
    return total;
  }

  /** @returns the trade that the fill closed. */
  book({ book }: AccountLeg, fill: BookedFill, { feeInBase, isDust }: Booking): TradeOutcome | undefined {
    const paid = feeInBase ? { ...fill, fee: ZERO } : fill;
    this.#pay(exactCashChange(paid));
    const closed = book.book(paid, isDust);
    if (feeInBase) book.payFeeInBase(fill.fee, fill.price);
    return closed;
  }

  /** Funding of an instrument at a time: longs pay shorts where the rate is above zero. Decimal text. */
  fund(instrument: string, rate: string, markPrice: string): void {
    const [exactRate, exactPrice] = [new Decimal(rate), new Decimal(markPrice)];
    for (const { book, stream } of this.#legs)
      if (stream.setup.instrument === instrument && book.quantity !== 0)
        this.#pay(book.fund(exactRate, exactPrice));
  }

  split(instrument: string, numerator: number, denominator: number): void {
    for (const { book, stream } of this.#legs)
      if (stream.setup.instrument === instrument) book.split(numerator, denominator);
  }

  #pay(change: Decimal): void {
    this.#cash = this.#cash.plus(change);
    this.#cashFloat = this.#cash.toNumber();
  }
}
