import { quantile } from '../metrics/tail-risk.ts';

/** More say nothing more. */
const RUNS_MAX = 10_000;
/** Places at which the curves of all runs are compared. */
const BAND_POINTS_MAX = 120;

/** How chance is drawn: the same seed gives the same result. */
export interface ResamplingPolicy {
  /** A whole number. */
  readonly seed: number;
  /** From 100 to 10,000. */
  readonly runs: number;
}

/** Order statistics of a figure over the runs. */
export interface Spread {
  readonly p5: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** What the middle nine tenths of the curves lie between, from their start on. */
export interface Bands {
  /** How many trades or days are behind each point; the first is 0. */
  readonly steps: readonly number[];
  /** Multiples of the start. */
  readonly low: readonly number[];
  readonly median: readonly number[];
  readonly high: readonly number[];
}

/** @throws RangeError for fewer runs than an outer percentile needs, or for more than are of use. */
export function refuseRuns({ runs }: ResamplingPolicy): void {
  if (!Number.isInteger(runs) || runs < 100 || runs > RUNS_MAX)
    throw new RangeError(`runs must be a whole number from 100 to ${RUNS_MAX}`);
}

export function spreadOf(values: Float64Array): Spread {
  const sorted = values.toSorted();
  const [p5, p50, p95, p99] = [0.05, 0.5, 0.95, 0.99].map((share) => quantile(sorted, share));
  return { p5: p5!, p50: p50!, p95: p95!, p99: p99! };
}

/** Compounds the returns of a run; gives the multiple of the start at each step to `see`, and the deepest fall back. */
export function compound(
  returns: Float64Array,
  see: (step: number, multiple: number) => void,
): { readonly end: number; readonly drawdownMax: number } {
  let [value, peak, drawdownMax] = [1, 1, 0];
  see(0, value);
  for (let step = 0; step < returns.length; step++) {
    value *= 1 + returns[step]!;
    peak = Math.max(peak, value);
    drawdownMax = Math.max(drawdownMax, 1 - value / peak);
    see(step + 1, value);
  }
  return { end: value, drawdownMax };
}

/** Collects the curves of runs at places that are spread evenly over their length. */
export class BandCollector {
  readonly #steps: readonly number[];
  readonly #placeOf: Map<number, number>;
  readonly #values: readonly Float64Array[];

  constructor(length: number, runs: number) {
    const points = Math.min(length, BAND_POINTS_MAX);
    this.#steps = Array.from({ length: points + 1 }, (_, point) => Math.round((point * length) / points));
    this.#placeOf = new Map(this.#steps.map((step, place) => [step, place]));
    this.#values = this.#steps.map(() => new Float64Array(runs));
  }

  see(run: number, step: number, multiple: number): void {
    const place = this.#placeOf.get(step);
    if (place !== undefined) this.#values[place]![run] = multiple;
  }

  bands(): Bands {
    const spreads = this.#values.map(spreadOf);
    return {
      steps: this.#steps,
      low: spreads.map(({ p5 }) => p5),
      median: spreads.map(({ p50 }) => p50),
      high: spreads.map(({ p95 }) => p95),
    };
  }
}
