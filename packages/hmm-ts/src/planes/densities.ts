import { exponentials } from './exponential.ts';
import type { LatticeBlock } from './lattice.ts';
import { logDensities, type Quadratic } from './log-densities.ts';
import type { Plane, Planes } from './planes.ts';

/**
 * Largest logarithm of a density over the reference state's: the masses of the steps between two normalisations neither
 * overflow then, nor make up for others that fell below the least exponent.
 */
const REFERENCE_TOP = 20;

/** Room for the log densities of a block: a plane of each state, and one for what is subtracted from them. */
export function createLogDensities(states: number, stride: number): Planes {
  return { numbers: new Float64Array((states + 1) * stride), at: 0, stride, count: states };
}

/**
 * Writes the densities of a block of rows into the lattice, of each row divided by the density of the broadest state: a
 * single exponential less a row, and no search for the largest. Where a density would be far larger than that, each row is
 * divided by its largest instead.
 * @returns the sum of the logarithms of what was divided by; NaN where rows are too far out to tell.
 */
export function blockDensities(
  quadratics: readonly Quadratic[],
  values: Planes,
  logs: Planes,
  block: LatticeBlock,
): number {
  const { steps } = block;
  let broadest = 0;
  for (const [state, quadratic] of quadratics.entries()) {
    logDensities(quadratic, values, planeOf(logs, state), steps);
    if (quadratic.constant < quadratics[broadest]!.constant) broadest = state;
  }
  if (divide(logs, broadest, block)) return sumOf(planeOf(logs, broadest), steps);
  const largest = logs.count;
  writeLargest(logs, steps);
  return divide(logs, largest, block) ? sumOf(planeOf(logs, largest), steps) : Number.NaN;
}

const planeOf = ({ numbers, at, stride }: Planes, index: number): Plane => ({
  numbers,
  at: at + index * stride,
});

function divide(logs: Planes, by: number, { densities, at, stride, steps }: LatticeBlock): boolean {
  const shift = planeOf(logs, by).at;
  for (let state = 0; state < logs.count; state++) {
    const to = { numbers: densities, at: at + state * stride };
    if (state === by) densities.fill(1, to.at, to.at + steps);
    else if (!exponentials({ ...planeOf(logs, state), shift }, to, steps, REFERENCE_TOP)) return false;
  }
  return true;
}

function writeLargest({ numbers, stride, count }: Planes, steps: number): void {
  const to = count * stride;
  for (let step = 0; step < steps; step++) {
    let largest = numbers[step]!;
    for (let at = step + stride; at < to; at += stride) if (numbers[at]! > largest) largest = numbers[at]!;
    numbers[to + step] = largest;
  }
}

function sumOf({ numbers, at }: Plane, steps: number): number {
  let sum = 0;
  for (let index = at; index < at + steps; index++) sum += numbers[index]!;
  return sum;
}
