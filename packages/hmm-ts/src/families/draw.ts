import { HmmError } from '../hmm-error.ts';
import type { Random } from '../random.ts';

/** More than nine draws in ten are taken, so that as many in a row never fail. */
const DRAWS_MAX = 1_000;

/** A standard normal number (Box and Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
}

/** An index, drawn by the probabilities from `first` up to and without `end`. */
export function drawIndex(probabilities: Float64Array, first: number, end: number, random: Random): number {
  let left = random.uniform();
  for (let at = first; at < end - 1; at++) {
    left -= probabilities[at]!;
    if (left < 0) return at - first;
  }
  return end - 1 - first;
}

/**
 * A chi-square number over its degrees of freedom (Marsaglia and Tsang 2000 for the gamma behind it).
 * @throws HmmError `bad_model` for degrees of freedom that are no number above two.
 */
export function scaledChiSquare(freedom: number, random: Random): number {
  const d = freedom / 2 - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (let draw = 0; draw < DRAWS_MAX; draw++) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v))
      return (2 * d * v) / freedom;
  }
  throw new HmmError('bad_model', `freedoms must be above two, not ${freedom}`);
}
