import type { Span } from '../observations.ts';
import type { Scaling } from '../scaling.ts';
import { blocksOf, type Blocks, type Planes } from './planes.ts';

/** The standardised rows of a sequence, in planes of features block by block. */
export interface PlaneRows {
  readonly blocks: Blocks;
  readonly steps: number;
  readonly dimensions: number;
  readonly values: Float64Array;
}

/** @param values row-major, in the units of the data. */
export function planeRowsOf(values: Float64Array, span: Span, { offsets, scales }: Scaling): PlaneRows {
  const dimensions = offsets.length;
  const blocks = blocksOf(span.steps);
  const planes = new Float64Array(blocks.list.length * blocks.stride * dimensions);
  for (const { first, steps } of blocks.list)
    for (let d = 0; d < dimensions; d++) {
      const to = first * dimensions + d * blocks.stride;
      const from = (span.first + first) * dimensions + d;
      for (let step = 0; step < steps; step++)
        planes[to + step] = (values[from + step * dimensions]! - offsets[d]!) / scales[d]!;
    }
  return { blocks, steps: span.steps, dimensions, values: planes };
}

/** The planes of the block that begins at a step. */
export function rowPlanes({ blocks, dimensions, values }: PlaneRows, first: number): Planes {
  return { numbers: values, at: first * dimensions, stride: blocks.stride, count: dimensions };
}
