import { Decimal, decimalText } from '../decimal.ts';
import type { Denial } from '@aistock/shared';
import type { FillReport } from '../fills/index.ts';
import { toWire } from '../portfolio/index.ts';

/** What is counted while a backtest runs. */
export class Tally {
  readonly orders = {
    sent: 0,
    denied: 0,
    filled: 0,
    expired: 0,
    cancelled: 0,
    exitsFilled: 0,
    fills: 0,
    staleFills: 0,
  };
  readonly denials: Record<string, number> = {};
  #fees = new Decimal(0);
  #slippage = new Decimal(0);
  #funding = new Decimal(0);
  #turnover = new Decimal(0);

  deny(denials: readonly Denial[]): void {
    this.orders.denied++;
    for (const { code } of denials) this.denials[code] = (this.denials[code] ?? 0) + 1;
  }

  /** @param afterGap whether bars are missing before the one that it is in. */
  fill(report: FillReport, afterGap: boolean): void {
    if (report.complete) this.orders[report.protection === null ? 'filled' : 'exitsFilled']++;
    this.orders.fills++;
    if (report.stale || afterGap) this.orders.staleFills++;
    this.#pay(report);
  }

  /** A position that is left without an order. Decimal text, the fee in the account's currency. */
  settle(left: Pick<FillReport, 'quantity' | 'price' | 'fee' | 'slippageCost'>): void {
    this.#pay({ ...left, feeTakenIn: 'quote' });
  }

  #pay({
    quantity,
    price,
    fee,
    feeTakenIn,
    slippageCost,
  }: Pick<FillReport, 'quantity' | 'price' | 'fee' | 'feeTakenIn' | 'slippageCost'>): void {
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
