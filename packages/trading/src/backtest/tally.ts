import { Decimal, decimalText } from '../decimal.ts';
import type { Denial } from '@aistock/shared';
import type { FillReport } from '../fills/index.ts';
import { toWire } from '../portfolio/index.ts';

/** What is counted while a backtest runs. */
export class Tally {
  readonly orders = { sent: 0, denied: 0, filled: 0, expired: 0, cancelled: 0, staleFills: 0 };
  readonly denials: Record<string, number> = {};
  #fees = new Decimal(0);
  #slippage = new Decimal(0);
  #funding = new Decimal(0);
  #turnover = new Decimal(0);

  deny(denials: readonly Denial[]): void {
    this.orders.denied++;
    for (const { code } of denials) this.denials[code] = (this.denials[code] ?? 0) + 1;
  }

  fill({ quantity, price, fee, feeTakenIn, slippageCost, complete, stale }: FillReport): void {
    if (complete) this.orders.filled++;
    if (stale) this.orders.staleFills++;
    const exactPrice = new Decimal(price);
    this.#turnover = this.#turnover.plus(new Decimal(quantity).times(exactPrice));
    if (fee !== '0') {
      const paid = new Decimal(fee);
      this.#fees = this.#fees.plus(feeTakenIn === 'base' ? paid.times(exactPrice) : paid);
    }
    if (slippageCost !== '0') this.#slippage = this.#slippage.plus(slippageCost);
  }

  /** Funding is a cost where cash falls. @param change of the account's cash, decimal text. */
  fund(change: string): void {
    this.#funding = this.#funding.minus(change);
  }

  /** Decimal text in the account's currency. */
  get costs() {
    return {
      fees: toWire(decimalText(this.#fees)),
      slippage: toWire(decimalText(this.#slippage)),
      funding: toWire(decimalText(this.#funding)),
      turnover: toWire(decimalText(this.#turnover)),
    };
  }
}
