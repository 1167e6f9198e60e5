import { cointegrationCritical, dickeyFullerT } from './autoregression.ts';
import { deviationOf, fitLine, meanOf } from './fit-line.ts';
import type { PairedCloses } from './paired-closes.ts';

/** The spread of two instruments: what the first is worth more than the second explains. */
export interface Spread {
  /** Value of the second instrument that balances a value of 1 of the first. */
  readonly hedgeRatio: number;
  /** All but the newest pair's, which has to stand apart from what it is measured by. */
  readonly formation: Float64Array;
  readonly newest: number;
  /** Distance of the newest from the formation's mean in the formation's standard deviations. */
  readonly z: number;
}

/**
 * By regression of the logarithms of the first's closes on those of the second's, over the formation (Engle and Granger,
 * "Co-integration and error correction", 1987).
 */
export function regressedSpread({ first, second }: PairedCloses): Spread {
  const ys = logarithms(first);
  const xs = logarithms(second);
  const { slope, intercept } = fitLine(xs.subarray(0, -1), ys.subarray(0, -1));
  const spread = ys;
  for (let index = 0; index < spread.length; index++) spread[index]! -= intercept + slope * xs[index]!;
  return measured(spread, slope);
}

/**
 * The distance of both prices where each begins the formation at 1 (Gatev, Goetzmann and Rouwenhorst, "Pairs trading",
 * 2006): equal values of both.
 */
export function distanceSpread({ first, second }: PairedCloses): Spread {
  const spread = new Float64Array(first.length);
  for (let index = 0; index < spread.length; index++)
    spread[index] = first[index]! / first[0]! - second[index]! / second[0]!;
  return measured(spread, 1);
}

/** Whether a unit root in a spread by regression is refused at 5 %. */
export function isCointegrated({ formation }: Spread): boolean {
  return dickeyFullerT(formation) < cointegrationCritical(formation.length - 1);
}

function measured(spread: Float64Array, hedgeRatio: number): Spread {
  const formation = spread.subarray(0, -1);
  const newest = spread.at(-1)!;
  const mean = meanOf(formation);
  const distance = newest - mean;
  return {
    hedgeRatio,
    formation,
    newest,
    z: distance === 0 ? 0 : distance / deviationOf(formation, mean),
  };
}

function logarithms(values: Float64Array): Float64Array {
  const logs = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) logs[index] = Math.log(values[index]!);
  return logs;
}
