import { BLOCK_STEPS } from '../forward.ts';
import { pairsAt, type LaneRows } from './lane-rows.ts';
import { densityBytes, firstKept, PAIR_BYTES } from './layout.ts';

/** Computes the masses of the steps from `first` on once more; behind them in the memory are those of the row before. */
export function blockMasses(rows: LaneRows, first: number, steps: number): void {
  const { kernel, shape, densitiesAt, ends, start } = rows;
  const { masses: at } = kernel.layout;
  const width = 2 * shape.states;
  const massBytes = shape.states * PAIR_BYTES;
  if (first > 0) {
    const end = (first / BLOCK_STEPS) * width;
    pairsAt(kernel, at, shape.states).set(ends.subarray(end - width, end));
    kernel.masses(at, densitiesAt + first * densityBytes(shape), steps);
    return;
  }
  const own = pairsAt(kernel, at + massBytes, shape.states);
  own.set(start);
  const kept = firstKept(shape);
  const densities = pairsAt(kernel, densitiesAt, shape.states - kept);
  for (const [index, density] of densities.entries())
    own[2 * kept + index] = own[2 * kept + index]! * density;
  if (steps > 1) kernel.masses(at + massBytes, densitiesAt + densityBytes(shape), steps - 1);
}

/** The masses of the last rows of both halves, as pairs. */
export const lastMasses = ({ ends, shape }: LaneRows): Float64Array => ends.subarray(-2 * shape.states);
