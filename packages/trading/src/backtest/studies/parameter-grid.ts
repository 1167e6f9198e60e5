import type { StrategyParams } from '../../strategies/index.ts';

/** Most combinations of one sweep: each is a whole backtest. */
export const COMBINATIONS_MAX = 10_000;

/** The values of one parameter that are tried: from, from + step, ... up to and with `to`. */
export interface ParamRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

export type ParamRanges = Readonly<Record<string, ParamRange>>;

/** Takes the noise of adding up steps away: 0.1 + 2 · 0.1 is 0.3. */
const DIGITS = 12;

/** @returns the values of a range, ascending, without the noise of float64. */
export function rangeValues({ from, to, step }: ParamRange): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, index) => Number((from + index * step).toPrecision(DIGITS)));
}

/** How many combinations the ranges have. */
export function combinationsOf(ranges: ParamRanges): number {
  return Object.values(ranges).reduce(
    (product, { from, to, step }) => product * (Math.floor((to - from) / step + 1e-9) + 1),
    1,
  );
}

/**
 * Every combination of the ranges, the parameters that have none being those of `base`; in a fixed order: the last range
 * varies fastest.
 * @throws RangeError for more than {@link COMBINATIONS_MAX}.
 */
export function parameterGrid(base: StrategyParams, ranges: ParamRanges): StrategyParams[] {
  const count = combinationsOf(ranges);
  if (!(count <= COMBINATIONS_MAX))
    throw new RangeError(`${count} combinations are more than ${COMBINATIONS_MAX}`);
  let grid: StrategyParams[] = [base];
  for (const [name, range] of Object.entries(ranges)) {
    const values = rangeValues(range);
    grid = grid.flatMap((params) => values.map((value) => ({ ...params, [name]: value })));
  }
  return grid;
}
