import { ModelError } from '../model-error.ts';
import { minimise, type Box } from '../numerics/minimise.ts';
import { eachStep, type PriceSeries } from './filter.ts';
import { diffuseStart, type Motion, type TrendModel } from './model.ts';
import type { TrendState } from './state.ts';

export interface TrendFit {
  readonly model: TrendModel;
  /** With the exact diffuse start unless another one was given. */
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Variances that ended at their least or greatest: at the least the prices show none of that disturbance. */
  readonly atBounds: readonly (keyof TrendModel)[];
}

const PRICES_MIN = 10;
/** Greatest variance, in squared changes from bar to bar. */
const VARIANCE_MAX = 1e3;
/** Least variance of an observation, so that every forecast has one; the others may be 0. */
const OBSERVATION_MIN = 1e-10;
/** The surface has several hills; the search begins at the best of a grid of these variances. */
const GRID = [1e-4, 1e-2, 0.5];
/** Of the mean log-likelihood by a coordinate: below what the parameters' own uncertainty shows by far. */
const SLOPE_MAX = 1e-7;
/** Differences lose least here: the third root of the rounding of a number. */
const DIFFERENCE = 1e-5;

const VARIANCES = ['observationVariance', 'levelVariance', 'velocityVariance'] as const;

/**
 * Variances of greatest likelihood (Harvey 1989, 3.4), by the innovations of the filter. Deterministic, in bounds.
 * @param start of the first bar, held while variances are searched; exact diffuse unless given.
 * @throws ModelError `too_few_rows` below ten prices, `degenerate` where the price never changes, else as `filter`.
 */
export function fitTrend(motion: Motion, series: PriceSeries, start = diffuseStart({ motion })): TrendFit {
  const { count, scale } = describe(series);
  const units = unitsOf(motion, count);
  const names = VARIANCES.slice(0, units.length);
  const modelAt = (point: ArrayLike<number>): TrendModel => {
    const [observation, level, velocity] = units.map((unit, i) => scale * unit * Math.sinh(point[i]!));
    return {
      motion,
      observationVariance: observation!,
      levelVariance: level!,
      velocityVariance: velocity ?? 0,
    };
  };
  const loss = (point: ArrayLike<number>) => -likelihood(modelAt(point), series, start) / count;
  const box: Box = {
    lower: units.map((unit, i) => (i === 0 ? Math.asinh(OBSERVATION_MIN / unit) : 0)),
    upper: units.map((unit) => Math.asinh(VARIANCE_MAX / unit)),
  };
  const found = minimise(withSlopes(loss, box), bestOfGrid(loss, units), box, SLOPE_MAX);
  const isAtBound = (_: string, i: number) =>
    found.point[i] === box.lower[i] || found.point[i] === box.upper[i];
  return {
    model: modelAt(found.point),
    logLikelihood: -found.value * count,
    iterations: found.iterations,
    converged: found.converged,
    atBounds: names.filter(isAtBound),
  };
}

/**
 * A coordinate is asinh(variance / unit): a logarithm above the unit and straight below it, so that it reaches 0, where a
 * logarithm would have a flat end without a maximum. The units are about what so many bars can tell from nothing.
 */
const unitsOf = (motion: Motion, count: number): number[] =>
  motion === 'local_level' ? [1 / count, count ** -2] : [1 / count, count ** -2, count ** -3];

function likelihood(model: TrendModel, series: PriceSeries, start: TrendState): number {
  let total = 0;
  eachStep(model, series, start, (_, seen) => (total += seen.logLikelihood));
  return total;
}

/** Prices that are there, and their mean squared change. */
function describe({ prices }: PriceSeries): { count: number; scale: number } {
  const known = prices.filter((price) => !Number.isNaN(price));
  if (known.length < PRICES_MIN)
    throw new ModelError('too_few_rows', `${known.length} prices; a fit needs ${PRICES_MIN}`);
  let squares = 0;
  for (let i = 1; i < known.length; i++) squares += (known[i]! - known[i - 1]!) ** 2;
  if (squares === 0) throw new ModelError('degenerate', 'the price never changes: there is nothing to fit');
  if (!Number.isFinite(squares))
    throw new ModelError(
      'not_finite',
      'prices must be finite, or NaN where there is none, and their squares too',
    );
  return { count: known.length, scale: squares / (known.length - 1) };
}

function bestOfGrid(loss: (point: ArrayLike<number>) => number, units: readonly number[]): Float64Array {
  let places: readonly (readonly number[])[] = [[]];
  for (const unit of units)
    places = places.flatMap((place) => GRID.map((variance) => [...place, Math.asinh(variance / unit)]));
  const losses = places.map((place) => loss(place));
  return Float64Array.from(places[losses.indexOf(Math.min(...losses))]!);
}

/** Central differences; one-sided where a bound is near. */
const withSlopes =
  (loss: (point: ArrayLike<number>) => number, { lower, upper }: Box) =>
  (point: Float64Array, gradient: Float64Array) => {
    for (const [i, x] of point.entries()) {
      const [above, below] = [Math.min(upper[i]!, x + DIFFERENCE), Math.max(lower[i]!, x - DIFFERENCE)];
      gradient[i] = (loss(point.with(i, above)) - loss(point.with(i, below))) / (above - below);
    }
    return loss(point);
  };
