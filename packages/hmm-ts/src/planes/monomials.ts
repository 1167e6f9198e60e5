import type { Plane, Planes } from './planes.ts';

/** What is summed up of a row, weighted by its smoothed probabilities: one, its values, and their products. */
export interface Monomials extends Planes {
  readonly dimensions: number;
  /** Products of a value with itself alone, or with each before it too. */
  readonly diagonal: boolean;
}

export function createMonomials(dimensions: number, diagonal: boolean, stride: number): Monomials {
  const count = 1 + dimensions + (diagonal ? dimensions : (dimensions * (dimensions + 1)) / 2);
  return {
    numbers: new Float64Array(count * stride).fill(1, 0, stride),
    at: 0,
    stride,
    count,
    dimensions,
    diagonal,
  };
}

/** Where the values of a block belong. */
export function valuesIn({ numbers, stride, dimensions }: Monomials): Planes {
  return { numbers, at: stride, stride, count: dimensions };
}

/** Fills the products, once the values are there; the ones always are. */
export function fillProducts({ numbers, stride, dimensions, diagonal }: Monomials, steps: number): void {
  const value = (d: number): Plane => ({ numbers, at: (1 + d) * stride });
  let to = (1 + dimensions) * stride;
  for (let a = 0; a < dimensions; a++)
    for (let b = diagonal ? a : 0; b <= a; b++, to += stride)
      multiply(value(a), value(b), { numbers, at: to }, steps);
}

function multiply(a: Plane, b: Plane, to: Plane, steps: number): void {
  const { numbers } = a;
  for (let step = 0; step < steps; step++)
    to.numbers[to.at + step] = numbers[a.at + step]! * b.numbers[b.at + step]!;
}
