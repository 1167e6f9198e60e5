import type { LabelledRows } from '@aistock/models/boosting';

const FEATURES = 10;

/** Uniform in [0, 1) by a linear congruential generator. */
function uniforms(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

/** Rows that LightGBM's figures are known for: labels by a formula of seven of ten features. */
export function classificationRows(seed: number, count: number): LabelledRows {
  const uniform = uniforms(seed);
  const columns = Array.from({ length: FEATURES }, () => new Float64Array(count));
  const labels = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const x = columns.map((column) => (column[row] = uniform()));
    const score =
      3 * Math.sin(2 * Math.PI * x[0]!) * x[1]! +
      (x[3]! > 0.4 ? 8 * (x[2]! - 0.5) ** 2 : 0) -
      2 * x[4]! * x[5]! +
      (x[6]! > 0.7 ? 1.5 : 0) -
      0.3;
    labels[row] = Number(uniform() < 1 / (1 + Math.exp(-score)));
  }
  return { columns, labels };
}

/** Returns whose variance is that of a GARCH(1,1). */
export function returnsWithClusters(count: number): Float64Array {
  const uniform = uniforms(17);
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  let variance = 1e-4;
  return Float64Array.from({ length: count }, () => {
    const value = Math.sqrt(variance) * normal();
    variance = 5e-6 + 0.1 * value * value + 0.85 * variance;
    return value;
  });
}

/** By mid-ranks (Mann and Whitney 1947). */
export function areaUnderCurve(labels: Float64Array, predicted: Float64Array): number {
  const order = [...predicted.keys()].toSorted((a, b) => predicted[a]! - predicted[b]!);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  let ranks = 0;
  for (let first = 0, end = 0; first < order.length; first = end) {
    while (end < order.length && predicted[order[end]!] === predicted[order[first]!]) end++;
    const tied = order.slice(first, end).reduce((sum, row) => sum + labels[row]!, 0);
    ranks += (tied * (first + 1 + end)) / 2;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (labels.length - positives));
}
