/** Steps of a block: few enough for the fast cache, enough for what a block costs once not to count. */
const BLOCK_STEPS = 512;

/** Where equally long runs of numbers begin, one after another: of each state, or of each feature, over a block's steps. */
export interface Planes {
  readonly numbers: Float64Array;
  readonly at: number;
  /** From the beginning of one to that of the next. */
  readonly stride: number;
  readonly count: number;
}

/** The first of them, or one alone. */
export type Plane = Pick<Planes, 'numbers' | 'at'>;

/** Steps of a sequence that are worked on at once. */
export interface Block {
  readonly first: number;
  readonly steps: number;
}

/** The blocks of a sequence, and how long each of their planes is. */
export interface Blocks {
  readonly list: readonly Block[];
  readonly stride: number;
}

export function blocksOf(steps: number): Blocks {
  const stride = Math.min(steps, BLOCK_STEPS);
  const list = Array.from({ length: Math.ceil(steps / stride) }, (_, index) => {
    const first = index * stride;
    return { first, steps: Math.min(stride, steps - first) };
  });
  return { list, stride };
}
