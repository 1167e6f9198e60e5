import { packedSize } from './cholesky.ts';
import { covarianceSize, type Covariance, type GaussianHmm } from './gaussian-hmm.ts';
import { kMeansLabels } from './k-means.ts';
import { maximisation } from './maximisation.ts';
import type { Random } from './random.ts';
import type { Scaling } from './scaling.ts';
import { accumulateBlock, emptyStatistics } from './statistics.ts';

const STAY_MIN = 0.8;
const STAY_MAX = 0.98;
/** Each state starts with this share of the rows as rows of the pooled distribution, so that none is a single point. */
const POOLED_SHARE = 0.02;
const SEGMENTS_A_STATE_MIN = 4;
const SEGMENTS_A_STATE_MAX = 24;

export interface StartShape {
  readonly states: number;
  readonly covariance: Covariance;
  readonly scaling: Scaling;
  readonly varianceFloor: number;
}

/**
 * A model to start EM from. Even attempts cluster the rows (states that differ in place), odd ones rank stretches of
 * time by their energy (states that differ in spread).
 */
export function startingModel(
  values: Float64Array,
  shape: StartShape,
  random: Random,
  attempt: number,
): GaussianHmm {
  const dimensions = shape.scaling.offsets.length;
  const labels =
    attempt % 2 === 0
      ? kMeansLabels(values, dimensions, shape.states, random)
      : energyLabels(values, dimensions, shape.states, random);
  return modelOfLabels(values, labels, shape, random);
}

/** Cuts time into equal segments and gives each a state by the rank of its randomly weighted mean square. */
function energyLabels(values: Float64Array, dimensions: number, states: number, random: Random): Int32Array {
  const rows = values.length / dimensions;
  const perState = SEGMENTS_A_STATE_MIN + random.below(SEGMENTS_A_STATE_MAX - SEGMENTS_A_STATE_MIN + 1);
  const segments = Math.min(rows, states * perState);
  const weights = Float64Array.from({ length: dimensions }, () => random.uniform());
  const segmentOf = (row: number) => Math.floor((row * segments) / rows);
  const energy = new Float64Array(segments);
  for (let row = 0; row < rows; row++)
    for (let d = 0; d < dimensions; d++)
      energy[segmentOf(row)] = energy[segmentOf(row)]! + weights[d]! * values[row * dimensions + d]! ** 2;
  const rank = new Int32Array(segments);
  Array.from(energy.keys())
    .toSorted((a, b) => energy[a]! - energy[b]!)
    .forEach((segment, place) => (rank[segment] = place));
  return Int32Array.from({ length: rows }, (_, row) =>
    Math.floor((rank[segmentOf(row)]! * states) / segments),
  );
}

function modelOfLabels(
  values: Float64Array,
  labels: Int32Array,
  shape: StartShape,
  random: Random,
): GaussianHmm {
  const { states, covariance, scaling, varianceFloor } = shape;
  const dimensions = scaling.offsets.length;
  const statistics = emptyStatistics(covariance, states, dimensions);
  const weights = new Float64Array(labels.length * states);
  labels.forEach((label, row) => (weights[row * states + label] = 1));
  accumulateBlock(statistics, values, weights, { from: 0, to: labels.length });
  addPooledRows(statistics, Math.max(1, POOLED_SHARE * labels.length));
  const pooled: GaussianHmm = {
    covariance,
    states,
    dimensions,
    scaling,
    start: new Float64Array(states).fill(1 / states),
    transition: stickyTransition(states, STAY_MIN + (STAY_MAX - STAY_MIN) * random.uniform()),
    means: new Float64Array(states * dimensions),
    covariances: new Float64Array(states * covarianceSize(covariance, dimensions)),
  };
  return maximisation(pooled, statistics, varianceFloor);
}

/** In standardised units the pooled distribution has mean zero and variance one. */
function addPooledRows(statistics: ReturnType<typeof emptyStatistics>, rows: number): void {
  const { covariance, states, dimensions, occupancy, products } = statistics;
  const size = covarianceSize(covariance, dimensions);
  for (let state = 0; state < states; state++) {
    occupancy[state] = occupancy[state]! + rows;
    for (let d = 0; d < dimensions; d++) {
      const at = state * size + (covariance === 'diagonal' ? d : packedSize(d + 1) - 1);
      products[at] = products[at]! + rows;
    }
  }
}

function stickyTransition(states: number, stay: number): Float64Array {
  const leave = states === 1 ? 0 : (1 - stay) / (states - 1);
  return Float64Array.from({ length: states * states }, (_, index) =>
    index % (states + 1) === 0 ? 1 - leave * (states - 1) : leave,
  );
}
