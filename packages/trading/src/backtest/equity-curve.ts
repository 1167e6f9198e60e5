/** Equity at each close, float64. */
export class EquityCurve {
  readonly #atMs: Float64Array<ArrayBuffer>;
  readonly #equity: Float64Array<ArrayBuffer>;
  #length = 0;
  #heldCloses = 0;

  /** @param closesMax the most points that are added. */
  constructor(closesMax: number) {
    this.#atMs = new Float64Array(closesMax);
    this.#equity = new Float64Array(closesMax);
  }

  add(atMs: number, equity: number, isHolding: boolean): void {
    this.#atMs[this.#length] = atMs;
    this.#equity[this.#length++] = equity;
    if (isHolding) this.#heldCloses++;
  }

  /** What the last point is worth once everything was left there. */
  endAt(equity: number): void {
    this.#equity[this.#length - 1] = equity;
  }

  get atMs(): Float64Array {
    return this.#atMs.subarray(0, this.#length);
  }

  get equity(): Float64Array {
    return this.#equity.subarray(0, this.#length);
  }

  /** Closes after the start. */
  get closes(): number {
    return Math.max(0, this.#length - 1);
  }

  /** Share of the closes at which something was held. */
  get exposure(): number {
    return this.closes === 0 ? 0 : this.#heldCloses / this.closes;
  }
}
