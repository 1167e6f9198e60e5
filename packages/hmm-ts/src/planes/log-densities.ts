import type { GaussianEmissions } from '../emissions.ts';
import type { Plane, Planes } from './planes.ts';

/** A row of a state's whitening matrix: the factors of the features from `first` on. */
interface Whitened {
  readonly first: number;
  readonly factors: Float64Array;
  readonly offset: number;
}

/** A state's log density: constant − Σ (factors × values − offset)². */
export interface Quadratic {
  readonly constant: number;
  readonly rows: readonly Whitened[];
}

export function quadraticsOf(emissions: GaussianEmissions): readonly Quadratic[] {
  const { constants, means, whitening, dimensions, diagonal } = emissions;
  let at = 0;
  const whitened = (state: number, row: number): Whitened => {
    const first = diagonal ? row : 0;
    const length = row + 1 - first;
    // The half of the squared distance is taken here, once.
    const factors = whitening.subarray(at, at + length).map((factor) => factor * Math.SQRT1_2);
    at += length;
    const own = means.subarray(state * dimensions + first);
    return { first, factors, offset: factors.reduce((sum, factor, b) => sum + factor * own[b]!, 0) };
  };
  return Array.from(constants, (constant, state) => ({
    constant,
    rows: Array.from({ length: dimensions }, (_, row) => whitened(state, row)),
  }));
}

/** Writes a state's log densities of a block of values. */
export function logDensities({ constant, rows }: Quadratic, values: Planes, to: Plane, steps: number): void {
  to.numbers.fill(constant, to.at, to.at + steps);
  for (const row of rows) subtractSquares(row, values, to, steps);
}

function subtractSquares(
  { first, factors, offset }: Whitened,
  values: Planes,
  to: Plane,
  steps: number,
): void {
  const { numbers, stride } = values;
  const into = to.numbers;
  const f0 = factors[0]!;
  const f1 = factors[1] ?? 0;
  const f2 = factors[2] ?? 0;
  const f3 = factors[3] ?? 0;
  let i = values.at + first * stride;
  const toValues = to.at - i;
  const end = i + steps;
  // A loop for each short row: in one loop over factors the processor would wait for every sum.
  switch (factors.length) {
    case 1:
      for (; i < end; i++) {
        const z = f0 * numbers[i]! - offset;
        into[i + toValues] = into[i + toValues]! - z * z;
      }
      break;
    case 2:
      for (; i < end; i++) {
        const z = f0 * numbers[i]! + f1 * numbers[i + stride]! - offset;
        into[i + toValues] = into[i + toValues]! - z * z;
      }
      break;
    case 3:
      for (; i < end; i++) {
        const z = f0 * numbers[i]! + f1 * numbers[i + stride]! + f2 * numbers[i + 2 * stride]! - offset;
        into[i + toValues] = into[i + toValues]! - z * z;
      }
      break;
    default:
      for (; i < end; i++) {
        let z = f0 * numbers[i]! + f1 * numbers[i + stride]! + f2 * numbers[i + 2 * stride]! - offset;
        z += f3 * numbers[i + 3 * stride]!;
        for (let b = 4; b < factors.length; b++) z += factors[b]! * numbers[i + b * stride]!;
        into[i + toValues] = into[i + toValues]! - z * z;
      }
  }
}
