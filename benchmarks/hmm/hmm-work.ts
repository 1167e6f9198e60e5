import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, gaussianHmm, type GaussianHmm } from '@aistock/hmm-ts';

/** Rows and the parameters that EM starts from, both in the units of the data. */
export interface HmmWork {
  readonly name: string;
  readonly dimensions: number;
  readonly values: Float64Array;
  readonly start: GaussianHmm;
}

interface Shape {
  readonly name: string;
  /** The file of the yardstick, where there is one. */
  readonly file: string;
  readonly rows: number;
  readonly dimensions: number;
  readonly states: number;
  readonly covariance: 'diagonal' | 'full';
}

const SHAPES: readonly Shape[] = [
  { name: 'A', file: 'A_100k_d2_k3_diag', rows: 100_000, dimensions: 2, states: 3, covariance: 'diagonal' },
  { name: 'B', file: 'B_100k_d4_k4_full', rows: 100_000, dimensions: 4, states: 4, covariance: 'full' },
  { name: 'C', file: 'C_1m_d2_k3_diag', rows: 1_000_000, dimensions: 2, states: 3, covariance: 'diagonal' },
];

interface Init {
  readonly pi: readonly number[];
  readonly A: readonly (readonly number[])[];
  readonly mu: readonly (readonly number[])[];
  readonly cov: readonly (readonly number[])[] | readonly (readonly (readonly number[])[])[];
}

/** The yardsticks' rows where MARKET_DATA_DIR has them beside it, else as many from a seeded chain of Gaussians. */
export function hmmWorks(): HmmWork[] {
  const generator = join(process.env['MARKET_DATA_DIR'] ?? '', '../yardsticks/hmm/gen.mjs');
  if (!existsSync(generator)) return SHAPES.map(simulated);
  const folder = mkdtempSync(join(tmpdir(), 'aistock-bench-hmm-'));
  try {
    execFileSync(process.execPath, [generator, folder]);
    return SHAPES.map((shape) => yardstick(shape, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function yardstick(shape: Shape, folder: string): HmmWork {
  const { init } = JSON.parse(readFileSync(join(folder, `${shape.file}.json`), 'utf8')) as { init: Init };
  const bytes = readFileSync(join(folder, `${shape.file}.f64`));
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8).slice();
  return { ...shape, values, start: modelOf(shape, init) };
}

function simulated(shape: Shape): HmmWork {
  const { rows, dimensions, states } = shape;
  const random = createRandom(1);
  const values = new Float64Array(rows * dimensions);
  let state = 0;
  for (let row = 0; row < rows; row++) {
    if (random.uniform() < 0.02) state = random.below(states);
    for (let d = 0; d < dimensions; d++) {
      const normal = Math.sqrt(-2 * Math.log(random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
      values[row * dimensions + d] = (state - 1) * (d % 2 === 0 ? 0.5 : -0.3) + (0.5 + 0.7 * state) * normal;
    }
  }
  const each = <T>(make: (state: number) => T) => Array.from({ length: states }, (_, own) => make(own));
  const start = {
    pi: each(() => 1 / states),
    A: each((from) => each((to) => (from === to ? 0.9 : 0.1 / (states - 1)))),
    mu: each((own) => Array.from({ length: dimensions }, () => 0.4 * own - 0.5)),
  };
  const identity = Array.from({ length: dimensions }, (_, a) =>
    Array.from({ length: dimensions }, (_u, b) => Number(a === b)),
  );
  const cov =
    shape.covariance === 'diagonal'
      ? each(() => Array.from({ length: dimensions }, () => 1))
      : each(() => identity);
  return { ...shape, values, start: modelOf(shape, { ...start, cov }) };
}

function modelOf({ covariance }: Shape, { pi, A, mu, cov }: Init): GaussianHmm {
  return gaussianHmm(covariance, { start: pi, transition: A, means: mu, covariances: cov });
}
