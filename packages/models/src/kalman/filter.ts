import { ModelError } from '../model-error.ts';
import { checkModel, diffuseStart, type TrendModel } from './model.ts';
import type { TrendState } from './state.ts';
import { step } from './step.ts';

/** Prices by bar; NaN is missing. `bars` tells how many bars after the one before each came (the first entry is not read). */
export interface PriceSeries {
  readonly prices: Float64Array;
  readonly bars?: Float64Array;
}

/** By bar. Standard deviations are infinite while too little was seen: one price for the level, two for the velocity. */
export interface TrendPath {
  readonly levels: Float64Array;
  readonly levelDeviations: Float64Array;
  readonly velocities: Float64Array;
  readonly velocityDeviations: Float64Array;
}

export interface Filtered extends TrendPath {
  readonly logLikelihood: number;
  /** After the last bar, to go on from with `step`. */
  readonly state: TrendState;
}

/**
 * What was known of level and velocity at each bar, from that bar and those before it only: `step` over the series.
 * @throws ModelError `bad_model`, `bad_shape`, `bad_option` or `not_finite`.
 */
export function filter(model: TrendModel, series: PriceSeries, start = diffuseStart(model)): Filtered {
  const path = emptyPath(series.prices.length);
  let [state, logLikelihood] = [start, 0];
  eachStep(model, series, start, (bar, seen) => {
    ({ state } = seen);
    logLikelihood += seen.logLikelihood;
    write(path, bar, state);
  });
  return { ...path, logLikelihood, state };
}

/** Filters and tells each bar's step. */
export function eachStep(
  model: TrendModel,
  { prices, bars }: PriceSeries,
  start: TrendState,
  tell: (bar: number, seen: ReturnType<typeof step>) => void,
): void {
  checkModel(model);
  if (bars && bars.length !== prices.length)
    throw new ModelError('bad_shape', `bars must have ${prices.length} entries, not ${bars.length}`);
  let state = start;
  for (let bar = 0; bar < prices.length; bar++) {
    const seen = step(model, state, prices[bar]!, bar === 0 ? 0 : bars?.[bar]);
    ({ state } = seen);
    tell(bar, seen);
  }
}

export const emptyPath = (bars: number): TrendPath => ({
  levels: new Float64Array(bars),
  levelDeviations: new Float64Array(bars),
  velocities: new Float64Array(bars),
  velocityDeviations: new Float64Array(bars),
});

export function write(path: TrendPath, bar: number, { level, velocity, spread, diffuse }: TrendState): void {
  path.levels[bar] = level;
  path.velocities[bar] = velocity;
  path.levelDeviations[bar] = diffuse && diffuse.level > 0 ? Infinity : deviation(spread.level);
  path.velocityDeviations[bar] = diffuse && diffuse.velocity > 0 ? Infinity : deviation(spread.velocity);
}

/** A variance that is zero may come out below it by rounding. */
const deviation = (variance: number): number => Math.sqrt(Math.max(0, variance));
