import {
  categoricalHmm,
  gaussianHmm,
  mixtureHmm,
  studentTHmm,
  type Covariance,
  type Hmm,
  type Random,
} from '../src/index.ts';
import { logGamma } from '../src/families/gamma.ts';

export type Kind = Covariance | 'student_t' | 'categorical' | 'mixture';
export const KINDS: readonly Kind[] = [
  'spherical',
  'diagonal',
  'tied',
  'full',
  'student_t',
  'categorical',
  'mixture',
];

/** A model, and the log density of a row in a state by its definition, over the features that are not NaN. */
export interface Defined {
  readonly model: Hmm;
  readonly logDensity: (state: number, row: readonly number[]) => number;
}

export const list = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

function distribution(length: number, random: Random): number[] {
  const weights = list(length, () => random.uniform());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** A random model of the kind. */
export function define(kind: Kind, states: number, dimensions: number, random: Random): Defined {
  const chain = {
    start: distribution(states, random),
    transition: list(states, () => distribution(states, random)),
  };
  const point = () => list(dimensions, () => 4 * random.uniform() - 2);
  const spread = () => list(dimensions, () => 0.1 + 2 * random.uniform());
  const means = list(states, point);
  if (kind === 'student_t') {
    const dispersions = list(states, spread);
    const freedoms = list(states, () => 2.1 + 20 * random.uniform());
    return {
      model: studentTHmm({ ...chain, means, dispersions, freedoms }),
      logDensity: (state, row) => studentT(row, means[state]!, dispersions[state]!, freedoms[state]!),
    };
  }
  if (kind === 'mixture') {
    const shares = list(states, () => distribution(2, random));
    const centres = list(states, () => list(2, point));
    const variances = list(states, () => list(2, spread));
    return {
      model: mixtureHmm({ ...chain, shares, means: centres, variances }),
      logDensity: (state, row) =>
        Math.log(
          shares[state]!.reduce((sum, share, c) => {
            const own = gaussian(row, centres[state]![c]!, diagonalMatrix(variances[state]![c]!));
            return sum + share * Math.exp(own);
          }, 0),
        ),
    };
  }
  if (kind === 'categorical') {
    const probabilities = list(states, () => list(dimensions, (d) => distribution(d + 2, random)));
    return {
      model: categoricalHmm({ ...chain, probabilities }),
      logDensity: (state, row) =>
        row.reduce(
          (sum, value, d) => (Number.isNaN(value) ? sum : sum + Math.log(probabilities[state]![d]![value]!)),
          0,
        ),
    };
  }
  const shared = squareOf(dimensions, random);
  const matrices = list(states, () => {
    if (kind === 'spherical') return diagonalMatrix(spread().fill(0.1 + 2 * random.uniform()));
    if (kind === 'diagonal') return diagonalMatrix(spread());
    return kind === 'tied' ? shared : squareOf(dimensions, random);
  });
  const whole = kind === 'tied' || kind === 'full';
  const covariances = whole ? matrices : matrices.map((matrix) => matrix.map((row, d) => row[d]!));
  return {
    model: gaussianHmm(kind, { ...chain, means, covariances }),
    logDensity: (state, row) => gaussian(row, means[state]!, matrices[state]!),
  };
}

const diagonalMatrix = (values: readonly number[]) =>
  values.map((value, a) => values.map((_, b) => (a === b ? value : 0)));

/** A matrix that is positive definite. */
function squareOf(dimensions: number, random: Random): number[][] {
  const root = list(dimensions, () => list(dimensions, () => 2 * random.uniform() - 1));
  return root.map((a, i) =>
    root.map((b, j) => a.reduce((sum, x, c) => sum + x * b[c]!, 0) + (i === j ? 0.2 : 0)),
  );
}

function gaussian(row: readonly number[], mean: readonly number[], matrix: readonly number[][]): number {
  const known = [...row.keys()].filter((d) => !Number.isNaN(row[d]!));
  const own = known.map((a) => known.map((b) => matrix[a]![b]!));
  const offset = known.map((d) => row[d]! - mean[d]!);
  const { solution, determinant } = solve(own, offset);
  const distance = offset.reduce((sum, value, a) => sum + value * solution[a]!, 0);
  return -0.5 * (known.length * Math.log(2 * Math.PI) + Math.log(determinant) + distance);
}

/** Gauss's elimination of a positive definite system. */
function solve(matrix: number[][], right: readonly number[]): { solution: number[]; determinant: number } {
  const rows = matrix.map((row, a) => [...row, right[a]!]);
  let determinant = 1;
  for (const [a, pivot] of rows.entries()) {
    determinant *= pivot[a]!;
    for (const [b, row] of rows.entries()) {
      if (b === a) continue;
      const factor = row[a]! / pivot[a]!;
      for (let c = a; c < row.length; c++) row[c] = row[c]! - factor * pivot[c]!;
    }
  }
  return { solution: rows.map((row, a) => row.at(-1)! / row[a]!), determinant };
}

function studentT(
  row: readonly number[],
  mean: readonly number[],
  dispersion: readonly number[],
  freedom: number,
): number {
  const known = [...row.keys()].filter((d) => !Number.isNaN(row[d]!));
  const half = (freedom + known.length) / 2;
  const distance = known.reduce((sum, d) => sum + (row[d]! - mean[d]!) ** 2 / dispersion[d]!, 0);
  const volume = known.reduce((sum, d) => sum + Math.log(freedom * Math.PI * dispersion[d]!), 0);
  return logGamma(half) - logGamma(freedom / 2) - 0.5 * volume - half * Math.log(1 + distance / freedom);
}
