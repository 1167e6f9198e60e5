import type { GaussianEmissions } from '../emissions.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import type { Kernel } from './kernel.ts';
import { rowLength, type KernelShape } from './layout.ts';

const BYTES_PER_FLOAT = 8;

/** A sequence in the memory of a kernel: its first half in one lane, its second half in the other. */
export interface LaneRows {
  readonly kernel: Kernel;
  readonly shape: KernelShape;
  /** Steps of a half. */
  readonly steps: number;
  /** Row-major values of the first row where the number of rows is odd: it comes before the halves; else empty. */
  readonly head: Float64Array;
  /** Addresses of the first row of values and of the densities, which all sequences share. */
  readonly valuesAt: number;
  readonly densitiesAt: number;
  readonly valueBytes: number;
  /** The masses of the last row of each block, as pairs: from them those of the next block can be computed again. */
  readonly ends: Float64Array;
  /** What the forward pass began with, as pairs. */
  readonly start: Float64Array;
}

/** A view on pairs in the kernel's memory. */
export function pairsAt({ memory }: Kernel, address: number, pairs: number): Float64Array {
  return new Float64Array(memory.buffer, address, 2 * pairs);
}

/** One lane of such a view. */
export function laneOf(pairs: Float64Array, lane: 0 | 1): Float64Array {
  return Float64Array.from({ length: pairs.length / 2 }, (_, index) => pairs[2 * index + lane]!);
}

/** Writes the numbers of both lanes. */
export function setLanes(pairs: Float64Array, first: ArrayLike<number>, second: ArrayLike<number>): void {
  for (let index = 0; index < pairs.length / 2; index++) {
    pairs[2 * index] = first[index]!;
    pairs[2 * index + 1] = second[index]!;
  }
}

/** Puts the model's parameters into the kernel's memory. */
export function setParameters(
  kernel: Kernel,
  shape: KernelShape,
  model: GaussianHmm,
  emissions: GaussianEmissions,
): void {
  const { states, dimensions } = shape;
  const { constants, means, whitening } = emissions;
  const numbers = new Float64Array(kernel.memory.buffer);
  let at = kernel.layout.emissions / BYTES_PER_FLOAT;
  const put = (value: number) => {
    numbers[at++] = value;
    numbers[at++] = value;
  };
  let factor = 0;
  for (let state = 0; state < states; state++) {
    put(constants[state]!);
    for (let row = 0; row < dimensions; row++) {
      const length = rowLength(shape, row);
      let offset = 0;
      for (let b = 0; b < length; b++) {
        // The half of the squared distance is taken here, once.
        const own = whitening[factor++]! * Math.SQRT1_2;
        offset += own * means[state * dimensions + row - length + 1 + b]!;
        put(own);
      }
      put(offset);
    }
  }
  at = kernel.layout.transition / BYTES_PER_FLOAT;
  for (const probability of model.transition) put(probability);
}
