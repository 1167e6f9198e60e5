import type { Bar } from '@aistock/market';
import type { Side } from '@aistock/shared';
import { Decimal } from '../decimal.ts';

/** A bar's prices as decimals, each made when it is first asked for: most orders need one or two of them. */
export class ExactBar {
  readonly bar: Bar;
  #open: Decimal | undefined;
  #high: Decimal | undefined;
  #low: Decimal | undefined;
  #volume: Decimal | undefined;

  constructor(bar: Bar) {
    this.bar = bar;
  }

  get open(): Decimal {
    return (this.#open ??= new Decimal(this.bar.open));
  }

  get high(): Decimal {
    return (this.#high ??= new Decimal(this.bar.high));
  }

  get low(): Decimal {
    return (this.#low ??= new Decimal(this.bar.low));
  }

  get close(): Decimal {
    return new Decimal(this.bar.close);
  }

  get volume(): Decimal {
    return (this.#volume ??= new Decimal(this.bar.volume));
  }

  get range(): Decimal {
    return this.high.minus(this.low);
  }

  /** The best price of the bar for an order of this side: a buy's lowest. */
  bestFor(side: Side): Decimal {
    return side === 'buy' ? this.low : this.high;
  }

  /** The worst price of the bar for an order of this side: a buy's highest. */
  worstFor(side: Side): Decimal {
    return side === 'buy' ? this.high : this.low;
  }
}

/** Whether an order of this side rather trades at the one price than at the other; equal ones are no better. */
export function isBetter(side: Side, price: Decimal, other: Decimal): boolean {
  return side === 'buy' ? price.lt(other) : price.gt(other);
}

/** The better of two prices for an order of this side. */
export function better(side: Side, price: Decimal, other: Decimal): Decimal {
  return isBetter(side, price, other) ? price : other;
}

/** The worse of two prices for an order of this side. */
export function worse(side: Side, price: Decimal, other: Decimal): Decimal {
  return isBetter(side, price, other) ? other : price;
}
