import { toPriceBar, type Bar, type PriceBar } from '@aistock/market';

/** No strategy looks further back than this. */
export const WINDOW_BARS_MAX = 2_048;

/** The newest closed bars. It forgets in blocks, so that a bar costs the same however long the series is. */
export class BarWindow {
  readonly #bars: PriceBar[] = [];

  /** Ascending, at least the last `WINDOW_BARS_MAX` of what was pushed; valid until the next push. */
  get bars(): readonly PriceBar[] {
    return this.#bars;
  }

  /** @throws RangeError for a bar that is not after the newest. */
  push(bar: Bar): void {
    const newest = this.#bars.at(-1);
    if (newest && bar.openMs <= newest.openMs) {
      throw new RangeError(`bar ${bar.openMs} must come after bar ${newest.openMs}`);
    }
    this.#bars.push(toPriceBar(bar));
    if (this.#bars.length >= 2 * WINDOW_BARS_MAX) this.#bars.splice(0, WINDOW_BARS_MAX);
  }
}
