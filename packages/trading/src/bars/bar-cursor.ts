import type { BarSeries } from './bar-series.ts';
import type { BarView } from './bar-view.ts';

/** A view on a series that ends where its owner has moved it: bars behind the cursor exist, and cannot be read. */
export class BarCursor implements BarView {
  readonly series: BarSeries;
  #count: number;

  /** @param count bars that can be read at first. */
  constructor(series: BarSeries, count = 0) {
    this.series = series;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** Lets the next bar of the series be read. @throws RangeError where there is none. */
  reveal(): void {
    if (this.#count >= this.series.length) throw new RangeError('there is no bar to reveal');
    this.#count++;
  }

  openMs(ago: number): number {
    return this.series.openMs[this.#index(ago)]!;
  }

  open(ago: number): number {
    return this.series.open[this.#index(ago)]!;
  }

  high(ago: number): number {
    return this.series.high[this.#index(ago)]!;
  }

  low(ago: number): number {
    return this.series.low[this.#index(ago)]!;
  }

  close(ago: number): number {
    return this.series.close[this.#index(ago)]!;
  }

  volume(ago: number): number {
    return this.series.volume[this.#index(ago)]!;
  }

  #index(ago: number): number {
    if (!(ago >= 0 && ago < this.#count))
      throw new RangeError(`a view of ${this.#count} bars has no bar ${ago} ago`);
    return this.#count - 1 - ago;
  }
}
