import type { Scaling } from '../scaling.ts';

/** What a deviation is multiplied by to go from one scaling to another, of each feature. */
export function scaleRatios(from: Scaling, to: Scaling): Float64Array {
  return from.scales.map((scale, d) => scale / to.scales[d]!);
}

/** Means, a row of features after another, in the units of another scaling. */
export function moveMeans(means: Float64Array, from: Scaling, to: Scaling): Float64Array {
  const dimensions = from.offsets.length;
  return means.map((mean, index) => {
    const d = index % dimensions;
    return (mean * from.scales[d]! + from.offsets[d]! - to.offsets[d]!) / to.scales[d]!;
  });
}

/** Variances of features, a row after another, in the units of another scaling. */
export function moveVariances(variances: Float64Array, from: Scaling, to: Scaling): Float64Array {
  const ratios = scaleRatios(from, to);
  return variances.map((variance, index) => variance * ratios[index % ratios.length]! ** 2);
}
