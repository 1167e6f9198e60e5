import { factor, solve, type Matrix } from './cholesky.ts';

/** Value at a point; writes the gradient there. Both are finite wherever the bounds allow. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Greatest slope that is left in a direction that the bounds leave open. */
  readonly slope: number;
  readonly converged: boolean;
}

const ITERATIONS_MAX = 300;
const HALVINGS_MAX = 40;
/** Share of the promised fall that a step must bring (Armijo). */
const FALL_SHARE = 1e-4;
/** No coordinate moves further in one step: variables are logarithms or shares. */
const STEP_MAX = 2;
/** A step that shows less curvature than this teaches none. */
const CURVATURE_MIN = 1e-12;
/** Below this share of a value its changes are rounding; there the slope tells whether a step was good. */
const ROUNDING = 1e-13;

/**
 * Least value inside a box: BFGS (Nocedal & Wright 2006, 6.1) on the coordinates that no bound holds, with steps projected onto
 * the box (Bertsekas 1982). Deterministic; at most 300 iterations of at most 40 halvings.
 */
export function minimise(objective: Objective, start: Float64Array, box: Box, slopeMax: number): Minimum {
  let point = inside(start, box);
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  let curvature: Matrix = identity(point.length, 1);
  let isFresh = true;
  for (let iteration = 0; ; iteration++) {
    const open = openCoordinates(point, gradient, box);
    const slope = open.reduce((most, i) => Math.max(most, Math.abs(gradient[i]!)), 0);
    const converged = slope <= slopeMax;
    const end = { point, value, iterations: iteration, slope, converged };
    if (converged || iteration === ITERATIONS_MAX) return end;
    const step = search(objective, { point, value, gradient }, downhill(curvature, gradient, open), box);
    if (!step) {
      if (isFresh) return end;
      curvature = identity(point.length, 1);
      isFresh = true;
      continue;
    }
    curvature = updated(
      curvature,
      { moved: minus(step.point, point), turned: minus(step.gradient, gradient) },
      isFresh,
    );
    isFresh = false;
    ({ point, value, gradient } = step);
  }
}

interface Place {
  readonly point: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array<ArrayBuffer>;
}

/** Halves the step until the value falls; undefined where no step brings anything. */
function search(objective: Objective, from: Place, direction: Float64Array, box: Box): Place | undefined {
  const longest = direction.reduce((most, part) => Math.max(most, Math.abs(part)), 0);
  let length = Math.min(1, STEP_MAX / longest);
  for (let halving = 0; halving < HALVINGS_MAX; halving++, length /= 2) {
    const point = inside(
      from.point.map((x, i) => x + length * direction[i]!),
      box,
    );
    const promised = dot(from.gradient, minus(point, from.point));
    if (promised >= 0) return undefined;
    const gradient = new Float64Array(point.length);
    const value = objective(point, gradient);
    if (value <= from.value + FALL_SHARE * promised) return { point, value, gradient };
    // Hager & Zhang 2005, approximate Wolfe condition: so the search ends at a small slope, not where values stop to tell.
    const isFlat = value <= from.value + ROUNDING * Math.max(1, Math.abs(from.value));
    const slopeThere = dot(gradient, minus(point, from.point));
    if (isFlat && slopeThere <= (2 * FALL_SHARE - 1) * promised && slopeThere >= 0.9 * promised)
      return { point, value, gradient };
  }
  return undefined;
}

function openCoordinates(point: Float64Array, gradient: Float64Array, { lower, upper }: Box): number[] {
  return [...point.keys()].filter(
    (i) => !(point[i]! <= lower[i]! && gradient[i]! >= 0) && !(point[i]! >= upper[i]! && gradient[i]! <= 0),
  );
}

/** Newton's step on the open coordinates; steepest descent where the second derivatives are no hill's. */
function downhill(curvature: Matrix, gradient: Float64Array, open: readonly number[]): Float64Array {
  const lower = factor(open.map((i) => Float64Array.from(open, (j) => curvature[i]![j]!)));
  const slopes = Float64Array.from(open, (i) => -gradient[i]!);
  const part = lower ? solve(lower, slopes) : slopes;
  const direction = new Float64Array(gradient.length);
  for (const [k, i] of open.entries()) direction[i] = part[k]!;
  return direction;
}

/** The BFGS update of the second derivatives; the first one sets their scale. */
function updated(
  before: Matrix,
  { moved, turned }: { readonly moved: Float64Array; readonly turned: Float64Array },
  isFirst: boolean,
): Matrix {
  const along = dot(moved, turned);
  if (!(along > CURVATURE_MIN * dot(moved, moved))) return before;
  const second = isFirst ? identity(moved.length, dot(turned, turned) / along) : before;
  const image = Float64Array.from(second, (row) => dot(row, moved));
  const weight = dot(moved, image);
  return second.map((row, i) =>
    row.map((entry, j) => entry + (turned[i]! * turned[j]!) / along - (image[i]! * image[j]!) / weight),
  );
}

const inside = (point: Float64Array, { lower, upper }: Box): Float64Array<ArrayBuffer> =>
  Float64Array.from(point, (x, i) => Math.min(upper[i]!, Math.max(lower[i]!, x)));

const identity = (size: number, scale: number): Float64Array[] =>
  Array.from({ length: size }, (_, i) => new Float64Array(size).fill(scale, i, i + 1));

const minus = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (x, i) => x - b[i]!);

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
