import type { Bar } from '@aistock/market';
import { Decimal, decimalText } from '../decimal.ts';

const CAPACITY_START = 1_024;

/** The float64 columns of a series; entries at `length` and after mean nothing. */
export interface BarColumns {
  readonly length: number;
  /** Open times, Unix ms, ascending. */
  readonly openMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

const NO_TEXTS: ReadonlyMap<number, Bar> = new Map();
const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const;

/**
 * Closed bars of one stream as columns, oldest first. The columns are for indicators; what money is made of is read with
 * `exact`, which gives back the very decimals that came in: most prices survive the way through float64, and the bars that
 * do not are kept as text besides.
 */
export class BarSeries implements BarColumns {
  length = 0;
  openMs = new Float64Array(CAPACITY_START);
  open = new Float64Array(CAPACITY_START);
  high = new Float64Array(CAPACITY_START);
  low = new Float64Array(CAPACITY_START);
  close = new Float64Array(CAPACITY_START);
  volume = new Float64Array(CAPACITY_START);
  readonly #texts = new Map<number, Bar>();

  static of(bars: Iterable<Bar>): BarSeries {
    const series = new BarSeries();
    for (const bar of bars) series.push(bar);
    return series;
  }

  /**
   * Takes over columns, ascending in time; nothing is copied. Their numbers are the prices themselves, except of the bars
   * that are given as text besides, by index; see {@link texts}.
   */
  static ofColumns(columns: BarColumns, texts: ReadonlyMap<number, Bar> = NO_TEXTS): BarSeries {
    const series = new BarSeries();
    const { length, openMs, open, high, low, close, volume } = columns;
    Object.assign(series, { length, openMs, open, high, low, close, volume });
    for (const [index, bar] of texts) series.#texts.set(index, bar);
    return series;
  }

  /** The bars whose decimals the columns do not give back, by index. */
  get texts(): ReadonlyMap<number, Bar> {
    return this.#texts;
  }

  /** @throws RangeError for a bar that does not come after the newest. */
  push(bar: Bar): void {
    const newestMs = this.length === 0 ? -Infinity : this.openMs[this.length - 1]!;
    if (!(bar.openMs > newestMs)) throw new RangeError(`bar ${bar.openMs} must come after bar ${newestMs}`);
    if (this.length === this.openMs.length) this.#grow();
    const index = this.length++;
    this.openMs[index] = bar.openMs;
    for (const name of PRICES) this[name][index] = Number(bar[name]);
    if (PRICES.some((name) => textOf(this[name][index]!) !== bar[name])) this.#texts.set(index, bar);
  }

  /** The bar at an index as it came in: exact decimal text. @throws RangeError outside the series. */
  exact(index: number): Bar {
    const kept = this.#texts.get(index);
    if (kept) return kept;
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no bar ${index}`);
    return {
      openMs: this.openMs[index]!,
      open: textOf(this.open[index]!),
      high: textOf(this.high[index]!),
      low: textOf(this.low[index]!),
      close: textOf(this.close[index]!),
      volume: textOf(this.volume[index]!),
    };
  }

  /** The same, each part made when it is asked for: most of what orders do with a bar needs one or two. */
  lazy(index: number): Bar {
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no bar ${index}`);
    return this.#texts.get(index) ?? new LazyBar(this, index);
  }

  /** One price, or the volume, of the bar at an index, exact. @throws RangeError outside the series. */
  exactPart(index: number, part: (typeof PRICES)[number]): string {
    const kept = this.#texts.get(index);
    if (kept) return kept[part];
    if (!(index >= 0 && index < this.length)) throw new RangeError(`there is no bar ${index}`);
    return textOf(this[part][index]!);
  }

  #grow(): void {
    this.openMs = grown(this.openMs);
    for (const name of PRICES) this[name] = grown(this[name]);
  }
}

class LazyBar implements Bar {
  readonly #series: BarSeries;
  readonly #index: number;

  constructor(series: BarSeries, index: number) {
    this.#series = series;
    this.#index = index;
  }

  get openMs(): number {
    return this.#series.openMs[this.#index]!;
  }

  get open(): string {
    return textOf(this.#series.open[this.#index]!);
  }

  get high(): string {
    return textOf(this.#series.high[this.#index]!);
  }

  get low(): string {
    return textOf(this.#series.low[this.#index]!);
  }

  get close(): string {
    return textOf(this.#series.close[this.#index]!);
  }

  get volume(): string {
    return textOf(this.#series.volume[this.#index]!);
  }
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}

/** The shortest decimal that is this float64, without an exponent. */
function textOf(value: number): string {
  const text = String(value);
  return text.includes('e') ? decimalText(new Decimal(text)) : text;
}
