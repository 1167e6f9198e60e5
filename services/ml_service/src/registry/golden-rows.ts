import { streamFilter, type Hmm, type Observations } from '@aistock/hmm-ts';
import { z } from 'zod';

const ROWS_MAX = 16;
/** Another machine's exponential function may end in another digit; a broken model does not stay within it. */
const DIFFERENCE_MAX = 1e-9;

/** Rows of features, and the filtered probabilities that the model gave over them when it was stored. */
export const GoldenRows = z.strictObject({
  rows: z.array(z.array(z.number()).min(1)).min(1).max(ROWS_MAX),
  probabilities: z.array(z.array(z.number()).min(1)).min(1).max(ROWS_MAX),
});
export type GoldenRows = z.output<typeof GoldenRows>;

/** The last rows, with what the model makes of them. */
export function goldenRows(hmm: Hmm, { dimensions, values }: Observations): GoldenRows {
  const count = Math.min(ROWS_MAX, values.length / dimensions);
  const from = values.length - count * dimensions;
  const rows = Array.from({ length: count }, (_, row) => {
    const start = from + row * dimensions;
    return [...values.subarray(start, start + dimensions)];
  });
  return { rows, probabilities: filtered(hmm, rows) };
}

/** @throws Error where the model gives other probabilities than it gave. */
export function assertGolden(hmm: Hmm, golden: GoldenRows): void {
  const now = filtered(hmm, golden.rows);
  const same =
    now.length === golden.probabilities.length &&
    now.every((row, index) => isClose(row, golden.probabilities[index] ?? []));
  if (!same) throw new Error('the model does not give the probabilities that it was stored with');
}

function filtered(hmm: Hmm, rows: readonly (readonly number[])[]): number[][] {
  const filter = streamFilter(hmm);
  let state = filter.initial;
  return rows.map((row) => {
    state = filter.filterStep(state, Float64Array.from(row));
    return [...state.probabilities];
  });
}

function isClose(now: readonly number[], then: readonly number[]): boolean {
  return (
    now.length === then.length &&
    now.every((value, state) => Math.abs(value - (then[state] ?? Number.NaN)) <= DIFFERENCE_MAX)
  );
}
