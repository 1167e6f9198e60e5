import { choleskyPacked } from '../cholesky.ts';
import { layoutOfCovariance, type GaussianHmm } from '../gaussian-hmm.ts';
import type { Hmm } from '../hmm.ts';
import { emissionDistances } from '../matching/emission-distance.ts';
import type { SufficientStatistics } from '../statistics.ts';

/** A state that explains less than one row has nothing that it was estimated from. */
const EMPTY_ROWS = 1;
/** Rounding leaves a variance that sits on its floor a little above it. */
const FLOOR_MARGIN = 1 + 1e-6;
/** Emissions closer than this cannot be told apart in hundreds of rows: one more row adds a hundredth of a nat. */
const DUPLICATE_DISTANCE = 0.01;

/**
 * A state that says nothing of its own. `empty`: it explains less than one row. `floored`: a variance sits on the floor
 * (a constant feature, repeated rows, or a few rows all alike). `duplicate`: its emissions are those of the state `of`,
 * before it.
 */
export type DegenerateState =
  | { readonly state: number; readonly kind: 'empty' | 'floored' }
  | { readonly state: number; readonly kind: 'duplicate'; readonly of: number };

/** States that explain less than one of the rows behind the statistics. */
export function emptyStates({ occupancy }: SufficientStatistics): number[] {
  return Array.from(occupancy.keys()).filter((state) => !(occupancy[state]! >= EMPTY_ROWS));
}

/** What is wrong with which states, each under the first name that fits. */
export function degenerateStates(
  model: Hmm,
  statistics: SufficientStatistics,
  varianceFloor: number,
): DegenerateState[] {
  const empty = emptyStates(statistics);
  const distances = emissionDistances(model, model);
  const found: DegenerateState[] = [];
  for (let state = 0; state < model.states; state++) {
    const earlier = Array.from({ length: state }, (_, other) => other);
    const twin = earlier.find((other) => distances[state * model.states + other]! < DUPLICATE_DISTANCE);
    if (empty.includes(state)) found.push({ state, kind: 'empty' });
    else if (isFloored(model, state, varianceFloor * FLOOR_MARGIN)) found.push({ state, kind: 'floored' });
    else if (twin !== undefined) found.push({ state, kind: 'duplicate', of: twin });
  }
  return found;
}

function isFloored(model: Hmm, state: number, floor: number): boolean {
  const own = (variances: Float64Array) => {
    const width = variances.length / model.states;
    return variances.subarray(state * width, (state + 1) * width);
  };
  const isLow = (variance: number) => variance <= floor;
  switch (model.family) {
    case 'gaussian':
      return isGaussianFloored(model, own(model.covariances), floor);
    case 'student_t':
      return own(model.dispersions).some(isLow);
    case 'mixture':
      return own(model.variances).some(isLow);
    case 'categorical':
      return false;
    default:
      return model satisfies never;
  }
}

function isGaussianFloored(
  { covariance, dimensions, scaling }: GaussianHmm,
  own: Float64Array,
  floor: number,
): boolean {
  if (layoutOfCovariance(covariance) === 'full') return choleskyPacked(own, dimensions, floor) === undefined;
  if (covariance === 'diagonal') return own.some((variance) => variance <= floor);
  // A sphere has one variance in the units of the data, and its floor is a share of the features' mean one.
  const pooled = scaling.scales.reduce((sum, scale) => sum + scale ** 2, 0) / dimensions;
  return own[0]! * scaling.scales[0]! ** 2 <= floor * pooled;
}
