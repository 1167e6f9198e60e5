import { streamFilter, type FilterState, type Hmm, type StreamFilter } from '@aistock/hmm-ts';
import { modelFeatures, MODEL_WARM_UP_BARS, type PriceBar } from '@aistock/market';
import { newestClosed } from '../following/newest-closed.ts';

/**
 * Filtered regimes of a stream, bar after bar since the model's first one. Every bar's answer is kept, so that a
 * question about the past needs no filtering, and is answered as it was then.
 */
export interface Trajectory {
  readonly filter: StreamFilter;
  state: FilterState;
  /** The last bars, as many as features need to warm up. */
  recent: PriceBar[];
  /** Open times of the bars that have an answer, ascending. */
  readonly openMs: number[];
  /** Filtered probabilities at each of them. */
  readonly probabilities: Float64Array[];
}

export function startTrajectory(model: Hmm): Trajectory {
  const filter = streamFilter(model);
  return { filter, state: filter.initial, recent: [], openMs: [], probabilities: [] };
}

/** Goes on over bars that follow on the last one seen. The first bars only warm the features up. */
export function extendTrajectory(trajectory: Trajectory, bars: readonly PriceBar[]): void {
  const known = trajectory.recent.at(-1)?.openMs ?? -1;
  const fresh = bars.filter((bar) => bar.openMs > known);
  const all = [...trajectory.recent, ...fresh];
  const { firstIndex, dimensions, values } = modelFeatures(all);
  for (let row = 0; row * dimensions < values.length; row++) {
    const features = values.subarray(row * dimensions, (row + 1) * dimensions);
    trajectory.state = trajectory.filter.filterStep(trajectory.state, features);
    trajectory.openMs.push(all[firstIndex + row]!.openMs);
    trajectory.probabilities.push(trajectory.state.probabilities);
  }
  trajectory.recent = all.slice(-MODEL_WARM_UP_BARS);
}

/** The last bar seen, answered or not. */
export function lastSeenMs(trajectory: Trajectory): number | undefined {
  return trajectory.recent.at(-1)?.openMs;
}

export interface FilteredBar {
  readonly openMs: number;
  readonly probabilities: Float64Array;
}

/** The last bar that had closed, as the given test tells by its open; undefined where there is none with an answer. */
export function barAt(
  trajectory: Trajectory,
  hasClosed: (openMs: number) => boolean,
): FilteredBar | undefined {
  const { openMs, probabilities } = trajectory;
  const at = newestClosed(openMs, hasClosed);
  return at < 0 ? undefined : { openMs: openMs[at]!, probabilities: probabilities[at]! };
}
