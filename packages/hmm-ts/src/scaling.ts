import { HmmError } from './hmm-error.ts';
import type { Observations } from './observations.ts';

/** A feature is modelled as (value − offset) / scale. */
export interface Scaling {
  readonly offsets: Float64Array;
  /** Above zero. */
  readonly scales: Float64Array;
}

export function identityScaling(dimensions: number): Scaling {
  return { offsets: new Float64Array(dimensions), scales: new Float64Array(dimensions).fill(1) };
}

/**
 * Mean and standard deviation of each feature, in two passes over the values that are there; the scale of a constant
 * feature is one.
 * @throws HmmError `too_few_rows` for a feature that has no value at all.
 */
export function scalingOf(observations: Observations): Scaling {
  const { dimensions, values } = observations;
  const offsets = new Float64Array(dimensions);
  const scales = new Float64Array(dimensions);
  const counts = knownCounts(values, dimensions);
  for (let d = 0; d < dimensions; d++) {
    const rows = counts[d]!;
    if (rows === 0) throw new HmmError('too_few_rows', `feature ${d} has no value in any row`);
    let offset = 0;
    for (let at = d; at < values.length; at += dimensions)
      if (!Number.isNaN(values[at])) offset += values[at]! / rows;
    offsets[d] = offset;
    scales[d] = deviationOf(observations, d, offset, rows);
    if (scales[d] === Infinity)
      throw new HmmError('not_finite', `feature ${d} spreads wider than a float64 can tell`);
    if (scales[d] === 0) scales[d] = 1;
  }
  return { offsets, scales };
}

/** Root of the mean squared deviation of a feature from its offset over the rows that have it; zero where it is constant. */
function deviationOf(
  { dimensions, values }: Observations,
  feature: number,
  offset: number,
  rows: number,
): number {
  let largest = 0;
  for (let at = feature; at < values.length; at += dimensions) {
    const deviation = Math.abs(values[at]! - offset);
    if (deviation > largest) largest = deviation;
  }
  // The spread that rounding alone gives a constant feature is no spread.
  if (!(largest > Math.abs(offset) * 1e-13)) return 0;
  // In units of the largest deviation no square overflows, and none that counts underflows.
  let sum = 0;
  for (let at = feature; at < values.length; at += dimensions) {
    const share = (values[at]! - offset) / largest;
    if (!Number.isNaN(share)) sum += share * share;
  }
  return largest * Math.sqrt(sum / rows);
}

function knownCounts(values: Float64Array, dimensions: number): Float64Array {
  const counts = new Float64Array(dimensions);
  for (let row = 0; row < values.length; row += dimensions)
    for (let d = 0; d < dimensions; d++) if (!Number.isNaN(values[row + d])) counts[d] = counts[d]! + 1;
  return counts;
}

/** The values in the units of the model, as a new array. */
export function standardise(values: Float64Array, scaling: Scaling): Float64Array {
  const { offsets, scales } = scaling;
  const dimensions = offsets.length;
  const standardised = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += dimensions)
    for (let d = 0; d < dimensions; d++)
      standardised[row + d] = (values[row + d]! - offsets[d]!) / scales[d]!;
  return standardised;
}

/** Log scales, summed over the values that are there: what their log density loses when it is told in original units. */
export function logVolume(scaling: Scaling, values: Float64Array): number {
  const counts = knownCounts(values, scaling.scales.length);
  return scaling.scales.reduce((total, scale, d) => total + counts[d]! * Math.log(scale), 0);
}
