import { columnsOf, type Feature } from '@aistock/features';
import type { PriceBar, Timeframe } from '@aistock/market';
import { algorithmNamed, type Dataset } from '@aistock/models';
import {
  baselineLogLikelihoods,
  forecastEvidence,
  leakCheck,
  type ForecastEvidence,
  type LeakCheck,
} from '@aistock/promotion';
import type { RowSplit } from '../training/split-rows.ts';
import type { ComparableChampion } from './comparable-champion.ts';
import type { ForecastModel } from './forecast-artefact.ts';
import type { ForecastInputs } from './forecast-inputs.ts';

/** Places at which bars are cut off to see whether features know what comes after. */
const LEAK_CUTS = 4;

export interface MeasuredForecast {
  readonly model: ForecastModel;
  readonly inputs: ForecastInputs;
  /** All rows, with the features of the model and of the champion. */
  readonly dataset: Dataset;
  readonly split: RowSplit;
  readonly champion: ComparableChampion | null;
  readonly driftConfidence: number;
}

/** What the model, the champion and what knows nothing make of exactly the same rows. */
export function measureForecast(measured: MeasuredForecast): ForecastEvidence {
  const { model, inputs, dataset, split, champion, driftConfidence } = measured;
  const { kind, features, target } = inputs;
  const own = features.map(({ name }) => ({
    name,
    values: dataset.columns[dataset.features.findIndex((each) => each.name === name)]!,
  }));
  const followed = dataset.target?.values ?? own[0]!.values;
  const algorithm = algorithmNamed(model.algorithm);
  const told = kind === 'direction' && algorithm.predict(model.artefact, dataset)['probability'];
  return forecastEvidence({
    split,
    logLikelihoods: algorithm.logLikelihoods(model.artefact, dataset),
    baseline: baselineLogLikelihoods(kind, followed, split.trainRows),
    champion:
      champion && algorithmNamed(champion.model.algorithm).logLikelihoods(champion.model.artefact, dataset),
    overlapRows: target?.horizonBars ?? 1,
    features: own,
    forecasts: told ? { told, followed } : null,
    driftConfidence,
  });
}

/** Whether features know what comes after a bar. */
export function featureLeak(
  bars: readonly PriceBar[],
  features: readonly Feature[],
  timeframe: Timeframe,
): LeakCheck {
  const cuts = Array.from({ length: LEAK_CUTS }, (_, cut) =>
    Math.floor(((cut + 1) * bars.length) / (LEAK_CUTS + 1)),
  );
  return leakCheck(bars, (some) => rowsOf(columnsOf(features, some, timeframe), some.length), cuts);
}

function rowsOf(columns: readonly Float64Array[], rows: number) {
  const dimensions = columns.length;
  const values = Float64Array.from(
    { length: rows * dimensions },
    (_, at) => columns[at % dimensions]![Math.floor(at / dimensions)]!,
  );
  return { firstIndex: 0, dimensions, values };
}
