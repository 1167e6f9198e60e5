import type { Scaling } from '../scaling.ts';

/** The scales as shares of the largest one: their squares neither overflow nor, where they count, underflow. */
export function relativeScales({ scales }: Scaling): Float64Array {
  const largest = scales.reduce((most, scale) => Math.max(most, scale), 0);
  return scales.map((scale) => scale / largest);
}

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
