import type { Artefact, Predictions } from '@aistock/models';
import type { ForecastEvidence } from '@aistock/promotion';
import type { ModelReport } from '@aistock/shared';
import { z } from 'zod';
import type { TrainedForecast } from '../../forecast/train-forecast.ts';
import type { Decision } from '../../validation/validate.ts';
import { calibrationContent, differenceContent, driftContent, judgementContent } from './evidence-content.ts';
import { asKept, seriesOf, type ReportContent } from './report-content.ts';

type Forecast = NonNullable<ModelReport['forecast']>;

/** A measured forecast, and the bars that it was made from. */
export interface ForecastSubject {
  readonly trained: TrainedForecast;
  readonly decision: Decision;
  /** Of every bar that was read. */
  readonly openMs: Float64Array;
  readonly close: Float64Array;
}

/** What a model that forecasts is and showed, in the thread that fitted it. */
export function forecastContent({ trained, decision, openMs, close }: ForecastSubject): ReportContent {
  const { evidence, facts, rowMs, holdoutFrom } = trained;
  const { quality, leak, champion } = facts;
  return asKept({
    quality,
    holdout: {
      from_ms: rowMs[holdoutFrom]!,
      to_ms: rowMs.at(-1)!,
      bars: evidence.holdoutBars,
      log_likelihood: evidence.holdout,
    },
    judgements: judgementContent(decision),
    differences: differencesOf(trained, evidence),
    champion: champion && { expired: champion.expired, labels: null },
    calibrations: evidence.calibration ? [calibrationContent(evidence.calibration)] : [],
    drifts: evidence.drifts.map(driftContent),
    leak: leak && { compared: leak.compared, differing: leak.differing },
    closes: seriesOf(openMs, close),
    regimes: null,
    forecast: { told: toldOf(trained.told, rowMs), weights: weightsOf(trained) },
  });
}

function differencesOf({ card }: TrainedForecast, { overBaseline, overChampion }: ForecastEvidence) {
  const about = { horizon_bars: card.target?.horizonBars ?? 1, on: 'holdout' } as const;
  return [
    ...differenceContent({ ...about, against: 'baseline' }, overBaseline),
    ...differenceContent({ ...about, against: 'champion' }, overChampion),
  ];
}

/** What is not known yet is left out. */
function toldOf(told: Predictions, rowMs: Float64Array): Forecast['told'] {
  return Object.entries(told).map(([name, values]) => {
    const known = [...values.keys()].filter((row) => Number.isFinite(values[row]));
    return {
      name,
      series: seriesOf(
        Float64Array.from(known, (row) => rowMs[row]!),
        Float64Array.from(known, (row) => values[row]!),
      ),
    };
  });
}

const Linear = z.object({ intercept: z.number(), coefficients: z.array(z.number()) });
const LinearArtefact = z.object({
  model: z.union([Linear, z.object({ linear: Linear }).transform(({ linear }) => linear)]),
});
const GAIN = /^gain_of_(.+)_nats$/;

/** Coefficients of a linear model, or what each feature was worth to boosted trees; others have parameters on the card. */
function weightsOf({ card, parameters }: TrainedForecast): Forecast['weights'] {
  const linear = linearOf(parameters);
  if (linear) {
    const names = ['intercept', ...card.features.map(({ name }) => name)];
    const values = [linear.intercept, ...linear.coefficients];
    return names.map((name, at) => ({ name, measure: 'coefficient', value: values[at] ?? null }));
  }
  return Object.entries(card.metrics).flatMap(([metric, value]) => {
    const name = GAIN.exec(metric)?.[1];
    return name === undefined ? [] : [{ name, measure: 'gain_nats' as const, value }];
  });
}

function linearOf(artefact: Artefact): z.output<typeof Linear> | undefined {
  return LinearArtefact.safeParse(artefact).data?.model;
}
