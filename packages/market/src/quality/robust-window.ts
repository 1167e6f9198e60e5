/** Standard deviations of a normal distribution in one median absolute deviation: 1 / Φ⁻¹(3/4). */
const SIGMAS_PER_MAD = 1.4826;
/** The same for the mean absolute deviation: √(π/2). */
const SIGMAS_PER_MEAN_DEVIATION = Math.sqrt(Math.PI / 2);
/** Measured anew after so many parts of a window. */
const PARTS = 4;

/** What a {@link RobustWindow} remembers: plain JSON. */
export interface WindowState {
  /** Oldest first. */
  readonly values: readonly number[];
  /** Of the values at the last measurement; a scale of 0 says nothing. */
  readonly median: number;
  readonly scale: number;
  /** Values that came since. */
  readonly unmeasured: number;
}

export const EMPTY_WINDOW: WindowState = { values: [], median: 0, scale: 0, unmeasured: 0 };

/**
 * The last values of a series, and how far a next one lies from them: the modified z-score of Iglewicz and Hoaglin, "How
 * to Detect and Handle Outliers" (ASQC, 1993), (x - median) / (1.4826 · MAD), which one outlier, or many, hardly move.
 * 1.4826 and its reason: Rousseeuw and Croux, JASA 88 (1993), 1273-1283. Where most values are equal, or nearly, the MAD
 * says next to nothing; they advise 1.2533 times the mean absolute deviation about the median instead, and the larger of
 * the two is taken here. Median and scale are measured once every eighth of a window, for they move slowly and cost a sort.
 */
export class RobustWindow {
  readonly #size: number;
  /** A ring; its oldest value is at `#oldest` once it is full. */
  readonly #ring: number[];
  #oldest = 0;
  #median: number;
  #scale: number;
  #unmeasured: number;

  /** @param before - of a window of the same size; of another size, its newest values are taken. */
  constructor(size: number, before: WindowState = EMPTY_WINDOW) {
    this.#size = size;
    this.#ring = before.values.slice(-size);
    this.#median = before.median;
    this.#scale = before.scale;
    this.#unmeasured = before.unmeasured;
  }

  get state(): WindowState {
    const values = [...this.#ring.slice(this.#oldest), ...this.#ring.slice(0, this.#oldest)];
    return { values, median: this.#median, scale: this.#scale, unmeasured: this.#unmeasured };
  }

  get isEmpty(): boolean {
    return this.#ring.length === 0;
  }

  push(value: number): void {
    if (this.#ring.length < this.#size) this.#ring.push(value);
    else {
      this.#ring[this.#oldest] = value;
      this.#oldest = (this.#oldest + 1) % this.#size;
    }
    if (++this.#unmeasured < this.#size / PARTS) return;
    this.#unmeasured = 0;
    if (this.#ring.length >= this.#size / 2) this.#measure();
  }

  /** Undefined while the window is less than half full, and where all of its values were equal. */
  scoreOf(value: number): number | undefined {
    return this.#scale > 0 ? (value - this.#median) / this.#scale : undefined;
  }

  #measure(): void {
    const values = Float64Array.from(this.#ring).toSorted();
    const median = middle(values);
    const distances = values.map((value) => Math.abs(value - median));
    const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    this.#median = median;
    this.#scale = Math.max(SIGMAS_PER_MAD * middle(distances.toSorted()), SIGMAS_PER_MEAN_DEVIATION * mean);
  }
}

function middle(sorted: Float64Array): number {
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
