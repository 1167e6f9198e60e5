import type { PriceBar, Timeframe } from '@aistock/market';
import type { Dataset } from '@aistock/models';
import { refOf, type Feature } from './feature.ts';
import { columnsOf } from './frame.ts';
import { targetOf, type TargetTerms } from './target.ts';

export interface DatasetTerms {
  /** `source:instrument:timeframe`. */
  readonly stream: string;
  readonly timeframe: Timeframe;
  /** SHA-256 of the files that the bars came from. */
  readonly fileHashes: readonly string[];
  /** For models that learn what comes after a row. */
  readonly target?: TargetTerms;
}

/**
 * Rows of features of the bars of one stream, in order of time; the first one is that of the first bar at which all
 * features are warm. No rows where there are too few bars.
 * @throws FeatureError as `extendFrame`, or `bad_option` for a horizon that is not a whole number above zero.
 */
export function datasetOf(
  bars: readonly PriceBar[],
  features: readonly Feature[],
  terms: DatasetTerms,
): Dataset {
  const { stream, timeframe, fileHashes, target } = terms;
  const first = warmUpBarsOf(features);
  return {
    stream,
    openMs: Float64Array.from(bars.slice(first), ({ openMs }) => openMs),
    features: features.map(refOf),
    columns: columnsOf(features, bars, timeframe).map((column) => column.slice(first)),
    target: target ? targetOf(bars, first, target) : null,
    fileHashes: fileHashes.toSorted(),
  };
}

/** Bars that must come before the first one at which all of them are warm. */
export const warmUpBarsOf = (features: readonly Feature[]): number =>
  features.reduce((most, { warmUpBars }) => Math.max(most, warmUpBars), 0);
