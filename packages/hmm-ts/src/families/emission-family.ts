import type { Block } from '../forward.ts';
import type { Hmm, ModelSize } from '../hmm.ts';
import type { Random } from '../random.ts';
import type { Scaling } from '../scaling.ts';
import type { SufficientStatistics } from '../statistics.ts';

/** A model's emissions, ready to be worked with. All values are in the model's standardised units, NaN where missing. */
export interface Emissions {
  /** Writes the log densities of the block's rows, row-major steps × states; zero for a row of which nothing is known. */
  logDensities(values: Float64Array, logDensities: Float64Array, block: Block): void;
  /** Adds the block's rows to the statistics, weighted by their smoothed probabilities (row-major steps × states). */
  accumulate(
    statistics: SufficientStatistics,
    values: Float64Array,
    smoothed: Float64Array,
    block: Block,
  ): void;
}

/** Numbers that a state takes in each array of the statistics. */
export interface StatisticWidths {
  readonly weights: number;
  readonly sums: number;
  readonly products: number;
}

/** Of each state and feature, row-major states × dimensions, in standardised units. */
export interface Moments {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/**
 * The port that every family of emissions fills. Its calls are for a model or for a block of rows, never for a single
 * row, so that the loops over rows know what they work on.
 */
export interface EmissionFamily<M extends Hmm = Hmm, S extends ModelSize = ModelSize> {
  /** @throws HmmError `bad_model`, naming the field, unless the emissions' numbers fit together. */
  check(model: M): void;
  sizeOf(model: M): S;
  /** Free parameters of the emissions of all states. */
  freeParameters(size: S): number;
  statisticWidths(size: S): StatisticWidths;
  /** True where values have units; else they are used as they are. */
  readonly scaled: boolean;
  /** @throws HmmError for finite values that the family cannot have made. */
  checkValues(size: S, values: Float64Array): void;
  /** A model whose states are all like the pooled rows; the chain's part is given. */
  pooled(size: S, chain: ScaledChain, random: Random): M;
  /** @param missing whether values may be NaN. */
  prepare(model: M, missing: boolean): Emissions;
  /** The M step of the emissions; a state with next to no rows keeps what it has. */
  maximise(model: M, statistics: SufficientStatistics, varianceFloor: number): M;
  /** The same model in the units of another scaling. */
  rescale(model: M, scaling: Scaling): M;
  /** The model with a change made to every array that holds a state after another. */
  mapStates(model: M, change: (values: Float64Array) => Float64Array): M;
  moments(model: M): Moments;
  /** Writes a row of the state into `row`, in standardised units. */
  sample(model: M, state: number, random: Random, row: Float64Array): void;
}

/** The part of a model that is no emission. */
export interface ScaledChain {
  readonly start: Float64Array;
  readonly transition: Float64Array;
  readonly scaling: Scaling;
}

/** A state with less expected rows than this keeps its parameters: there is nothing to estimate them from. */
export const OCCUPANCY_MIN = 1e-3;
