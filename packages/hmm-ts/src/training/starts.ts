import { emptyStatistics } from '../empty-statistics.ts';
import { familyOf } from '../families/family-of.ts';
import type { Hmm, ModelSize } from '../hmm.ts';
import { kMeansLabels } from './k-means.ts';
import type { Random } from '../random.ts';
import type { Scaling } from '../scaling.ts';

const STAY_MIN = 0.8;
const STAY_MAX = 0.98;
/** Each state starts with this share of every row besides its own rows, so that none is a single point. */
const POOLED_SHARE = 0.02;
const SEGMENTS_A_STATE_MIN = 4;
const SEGMENTS_A_STATE_MAX = 24;

export interface StartShape {
  readonly size: ModelSize;
  readonly scaling: Scaling;
  readonly varianceFloor: number;
  /** Whether any value is missing. */
  readonly missing: boolean;
}

/**
 * A model to start EM from. Even attempts cluster the rows (states that differ in place), odd ones rank stretches of
 * time by their energy (states that differ in spread). A missing value is taken as the feature's mean.
 */
export function startingModel(values: Float64Array, shape: StartShape, random: Random, attempt: number): Hmm {
  const { states, dimensions } = shape.size;
  const filled = shape.missing ? values.map((value) => (Number.isNaN(value) ? 0 : value)) : values;
  const labels =
    attempt % 2 === 0
      ? kMeansLabels(filled, dimensions, states, random)
      : energyLabels(filled, dimensions, states, random);
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
  for (let row = 0; row < rows; row++) {
    const segment = segmentOf(row);
    for (let d = 0; d < dimensions; d++)
      energy[segment] = energy[segment]! + weights[d]! * values[row * dimensions + d]! ** 2;
  }
  const rank = new Int32Array(segments);
  Array.from(energy.keys())
    .toSorted((a, b) => energy[a]! - energy[b]!)
    .forEach((segment, place) => (rank[segment] = place));
  return Int32Array.from({ length: rows }, (_, row) =>
    Math.floor((rank[segmentOf(row)]! * states) / segments),
  );
}

function modelOfLabels(values: Float64Array, labels: Int32Array, shape: StartShape, random: Random): Hmm {
  const { size, scaling, varianceFloor, missing } = shape;
  const { states } = size;
  const family = familyOf(size.family);
  const statistics = emptyStatistics(size);
  const rows = labels.length;
  const weights = new Float64Array(rows * states).fill(Math.max(1 / rows, POOLED_SHARE));
  for (let row = 0; row < rows; row++) {
    const own = row * states + labels[row]!;
    weights[own] = weights[own]! + 1;
  }
  const transition = stickyTransition(states, STAY_MIN + (STAY_MAX - STAY_MIN) * random.uniform());
  const start = new Float64Array(states).fill(1 / states);
  const pooled = family.pooled(size, { start, transition, scaling }, random);
  const emissions = family.prepare(pooled, missing);
  emissions.accumulate(statistics, values, weights, { from: 0, to: rows });
  return family.maximise(pooled, statistics, varianceFloor);
}

function stickyTransition(states: number, stay: number): Float64Array {
  const leave = states === 1 ? 0 : (1 - stay) / (states - 1);
  return Float64Array.from({ length: states * states }, (_, index) =>
    index % (states + 1) === 0 ? 1 - leave * (states - 1) : leave,
  );
}
