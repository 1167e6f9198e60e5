import { BLOCK_STEPS } from '../forward.ts';
import type { CovarianceLayout } from '../gaussian-hmm.ts';

/** Bytes of a pair of float64, one for each lane. */
export const PAIR_BYTES = 16;

/** The models that a kernel is for, and how it goes about them. */
export interface KernelShape {
  readonly states: number;
  readonly dimensions: number;
  readonly covariance: CovarianceLayout;
  /**
   * What the densities of a row are divided by. `first`: the first state's, which takes an exponential less a row; the others
   * must never be far above it. `largest`: the largest, for states that lie far from one another.
   */
  readonly anchor: 'first' | 'largest';
}

/** Where things lie in the kernel's memory, in bytes. Every entry is a pair: the same number twice, or one a lane. */
export interface Layout {
  /** A state after another: its constant, then for each whitened feature its row of the whitening and its offset. */
  readonly emissions: number;
  readonly emissionPairs: number;
  /** Row-major states × states. */
  readonly transition: number;
  /** Forward: what is predicted, unnormalised. Backward: the backward variable. */
  readonly carry: number;
  /** Sum of shifts; product of masses; exponents taken out of it; least mass; largest log density over the first state's, where that is the anchor. */
  readonly likelihood: number;
  /** Reciprocal of sum of filtered × backward. */
  readonly normaliser: number;
  /** The masses of the last row that the forward pass came to. */
  readonly end: number;
  /** The masses of the row before a block, and of its rows. */
  readonly masses: number;
  /** Pairs of states, then of each state its occupancy, sums and products. */
  readonly statistics: number;
  readonly statisticPairs: number;
  /** Where rows begin. */
  readonly rows: number;
}

/** Numbers that the forward pass sums up. */
export const LIKELIHOOD_PAIRS = 5;

/** The first state whose densities are kept: one that is always 1 is not. */
export const firstKept = ({ anchor }: KernelShape): number => (anchor === 'first' ? 1 : 0);

/** Bytes of a row of densities. */
export const densityBytes = (shape: KernelShape): number => (shape.states - firstKept(shape)) * PAIR_BYTES;

/** Where in such a row the density of a state is. */
export const densityOffset = (shape: KernelShape, state: number): number =>
  (state - firstKept(shape)) * PAIR_BYTES;

/** Factors of a whitening row: one of a diagonal covariance, as many as its number of a lower triangle. */
export const rowLength = ({ covariance }: KernelShape, row: number): number =>
  covariance === 'diagonal' ? 1 : row + 1;

/** Products of features that a state's covariance takes. */
const productCount = ({ covariance, dimensions }: KernelShape): number =>
  covariance === 'diagonal' ? dimensions : (dimensions * (dimensions + 1)) / 2;

export function layoutOf(shape: KernelShape): Layout {
  const { states, dimensions } = shape;
  let end = 0;
  const take = (pairs: number) => {
    const start = end;
    end += pairs * PAIR_BYTES;
    return start;
  };
  const emissionPairs = states * (1 + productCount(shape) + dimensions);
  const statisticPairs = states * states + states * (1 + dimensions + productCount(shape));
  return {
    emissions: take(emissionPairs),
    emissionPairs,
    transition: take(states * states),
    carry: take(states),
    likelihood: take(LIKELIHOOD_PAIRS),
    normaliser: take(1),
    end: take(states),
    masses: take((BLOCK_STEPS + 1) * states),
    statistics: take(statisticPairs),
    statisticPairs,
    rows: take(0),
  };
}
