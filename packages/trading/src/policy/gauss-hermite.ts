/** A point of a quadrature rule and its weight. */
export interface QuadraturePoint {
  readonly x: number;
  readonly weight: number;
}

const NEWTON_STEPS_MAX = 50;
const TOLERANCE = 1e-15;
/** The search for a root begins so far below the one before it: far less than the distance between two roots. */
const ROOT_OFFSET = 1e-3;
const PI_TO_MINUS_QUARTER = Math.PI ** -0.25;

/**
 * Points for the expectation of f(z) over a standard normal z: sum of weight * f(x); weights add up to 1.
 * Gauss-Hermite: the roots of the orthonormal Hermite polynomials of an even degree, found one after the other by
 * Newton's method with the roots already found divided out.
 */
export function normalQuadrature(degree: number): QuadraturePoint[] {
  const roots: number[] = [];
  const points: QuadraturePoint[] = [];
  let x = Math.sqrt(2 * degree + 1); // every root lies below
  for (let i = 0; i < degree / 2; i++) {
    x = nextRoot(degree, x - ROOT_OFFSET, roots);
    roots.push(x);
    const weight = 2 / hermite(degree, x).slope ** 2 / Math.sqrt(Math.PI);
    points.push({ x: Math.SQRT2 * x, weight }, { x: -Math.SQRT2 * x, weight });
  }
  return points;
}

function nextRoot(degree: number, start: number, found: readonly number[]): number {
  let x = start;
  for (let step = 0; step < NEWTON_STEPS_MAX; step++) {
    const { value, slope } = hermite(degree, x);
    const others = found.reduce((sum, root) => sum + 1 / (x - root) + 1 / (x + root), 0);
    const change = value / (slope - value * others);
    x -= change;
    if (Math.abs(change) < TOLERANCE * degree) return x;
  }
  throw new Error(`a root of the Hermite polynomial of degree ${degree} was not found`);
}

/** The orthonormal Hermite polynomial and its derivative, by their three-term recurrence. */
function hermite(degree: number, x: number): { value: number; slope: number } {
  let [before, value] = [0, PI_TO_MINUS_QUARTER];
  for (let n = 0; n < degree; n++)
    [before, value] = [value, x * Math.sqrt(2 / (n + 1)) * value - Math.sqrt(n / (n + 1)) * before];
  return { value, slope: Math.sqrt(2 * degree) * before };
}
