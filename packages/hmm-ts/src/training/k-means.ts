import type { Random } from '../random.ts';

const SAMPLE_ROWS_MAX = 5_000;
const LLOYD_ITERATIONS = 10;

/**
 * Labels each row with its nearest of `count` centres: k-means++ seeding (Arthur and Vassilvitskii 2007) and a few
 * Lloyd iterations, both on at most {@link SAMPLE_ROWS_MAX} evenly spaced rows.
 */
export function kMeansLabels(
  values: Float64Array,
  dimensions: number,
  count: number,
  random: Random,
): Int32Array {
  const sample = evenSample(values, dimensions);
  const centres = seedCentres(sample, dimensions, count, random);
  for (let iteration = 0; iteration < LLOYD_ITERATIONS; iteration++) moveCentres(sample, dimensions, centres);
  return nearestCentres(values, dimensions, centres).labels;
}

function evenSample(values: Float64Array, dimensions: number): Float64Array {
  const rows = values.length / dimensions;
  if (rows <= SAMPLE_ROWS_MAX) return values;
  const sample = new Float64Array(SAMPLE_ROWS_MAX * dimensions);
  for (let i = 0; i < SAMPLE_ROWS_MAX; i++) {
    const row = Math.floor((i * rows) / SAMPLE_ROWS_MAX) * dimensions;
    sample.set(values.subarray(row, row + dimensions), i * dimensions);
  }
  return sample;
}

function seedCentres(values: Float64Array, dimensions: number, count: number, random: Random): Float64Array {
  const rows = values.length / dimensions;
  const centres = new Float64Array(count * dimensions);
  let row = random.below(rows);
  for (let centre = 0; centre < count; centre++) {
    centres.set(values.subarray(row * dimensions, (row + 1) * dimensions), centre * dimensions);
    const { distances } = nearestCentres(values, dimensions, centres.subarray(0, (centre + 1) * dimensions));
    row = drawByWeight(distances, random);
  }
  return centres;
}

function drawByWeight(weights: Float64Array, random: Random): number {
  let left = random.uniform() * weights.reduce((total, weight) => total + weight, 0);
  for (let index = 0; index < weights.length; index++) {
    left -= weights[index]!;
    if (left < 0) return index;
  }
  return random.below(weights.length);
}

function nearestCentres(
  values: Float64Array,
  dimensions: number,
  centres: Float64Array,
): { labels: Int32Array; distances: Float64Array } {
  const rows = values.length / dimensions;
  const labels = new Int32Array(rows);
  const distances = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let least = Infinity;
    let nearest = 0;
    for (let centre = 0; centre * dimensions < centres.length; centre++) {
      let distance = 0;
      for (let d = 0; d < dimensions; d++) {
        const difference = values[row * dimensions + d]! - centres[centre * dimensions + d]!;
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        nearest = centre;
      }
    }
    labels[row] = nearest;
    distances[row] = least;
  }
  return { labels, distances };
}

/** Moves each centre to the mean of its rows; a centre without rows stays. */
function moveCentres(values: Float64Array, dimensions: number, centres: Float64Array): void {
  const { labels } = nearestCentres(values, dimensions, centres);
  const counts = new Float64Array(centres.length / dimensions);
  const sums = new Float64Array(centres.length);
  labels.forEach((label, row) => {
    counts[label] = counts[label]! + 1;
    for (let d = 0; d < dimensions; d++)
      sums[label * dimensions + d] = sums[label * dimensions + d]! + values[row * dimensions + d]!;
  });
  for (let index = 0; index < centres.length; index++) {
    const count = counts[Math.floor(index / dimensions)]!;
    if (count > 0) centres[index] = sums[index]! / count;
  }
}
