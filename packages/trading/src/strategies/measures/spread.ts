import { cointegrationCritical, dickeyFullerT, fitAutoregression } from './autoregression.ts';
import { deviationOf, fitLine, meanOf, type Line } from './fit-line.ts';
import type { PairedCloses } from './paired-closes.ts';

/** The spread of two instruments: what the first is worth more than the second explains. */
export interface Spread {
  /** Value of the second instrument that balances a value of 1 of the first. */
  readonly hedgeRatio: number;
  /** Of the newest pair, and its distance from the formation's mean in the formation's standard deviations. */
  readonly newest: number;
  readonly z: number;
  /** How the spread of the formation comes back. */
  readonly autoregression: Line;
  /** Whether a unit root in the spread is refused at 5 % (Engle and Granger 1987); null where it was not asked. */
  readonly cointegrated: boolean | null;
}

/**
 * By regression of the logarithms of the first's closes on those of the second's (Engle and Granger, "Co-integration and
 * error correction", 1987). The formation is all but the newest pair, which has to stand apart from what it is measured by.
 */
export function regressedSpread({ first, second }: PairedCloses): Spread {
  const ys = first.map(Math.log);
  const xs = second.map(Math.log);
  const { slope, intercept } = fitLine(xs.subarray(0, -1), ys.subarray(0, -1));
  const spread = ys.map((y, index) => y - intercept - slope * xs[index]!);
  const formation = spread.subarray(0, -1);
  return {
    ...measured(spread, slope),
    cointegrated: dickeyFullerT(formation) < cointegrationCritical(formation.length - 1),
  };
}

/**
 * The distance of both prices where each begins the formation at 1 (Gatev, Goetzmann and Rouwenhorst, "Pairs trading",
 * 2006): equal values of both.
 */
export function distanceSpread({ first, second }: PairedCloses): Spread {
  const spread = first.map((close, index) => close / first[0]! - second[index]! / second[0]!);
  return { ...measured(spread, 1), cointegrated: null };
}

function measured(spread: Float64Array, hedgeRatio: number): Omit<Spread, 'cointegrated'> {
  const formation = spread.subarray(0, -1);
  const newest = spread.at(-1)!;
  const mean = meanOf(formation);
  const distance = newest - mean;
  const z = distance === 0 ? 0 : distance / deviationOf(formation, mean);
  return { hedgeRatio, newest, z, autoregression: fitAutoregression(formation) };
}
