import { newestClosed } from '../following/newest-closed.ts';

export interface FittedUpTo {
  /** Open time of the last row that the model was fitted on, Unix ms UTC. */
  readonly trainedToMs: number;
  /** Bars after a row that its target was made of; 0 for a model without a target. */
  readonly horizonBars: number;
}

/**
 * Whether a model was fitted on later bars than the one at this index: the target of its last row reaches some bars beyond.
 * @param openMs - of the bars that it told something at, ascending.
 */
export function isInSample(
  openMs: readonly number[],
  at: number,
  { trainedToMs, horizonBars }: FittedUpTo,
): boolean {
  const lastFitted = newestClosed(openMs, (ms) => ms <= trainedToMs);
  return at < lastFitted + horizonBars;
}
