import { filter, HmmError, matchStates, RETURN_FEATURE, stateLogDensities, type Hmm } from '@aistock/hmm-ts';
import type { MeanDifference } from '../statistics/mean-difference.ts';
import { pairedMean } from '../statistics/paired-mean.ts';
import { drift } from './drift.ts';
import { labelStability, type LabelStability } from './label-stability.ts';
import { memoryGain, type HoldoutSplit } from './memory-gain.ts';
import type { ModelEvidence } from './model-evidence.ts';
import { regimeWeights } from './regime-weights.ts';
import { returnCalibrations } from './return-calibration.ts';
import { logMixture, predictedStates, type StateForecast } from './state-forecast.ts';

/** A regime model, and the rows that it was fitted on and is measured on. */
export interface RegimeSubject {
  readonly model: Hmm;
  /** A single Gaussian, fitted on the same rows. */
  readonly oneState: Hmm;
  /** Null where there is none, or where it reads other features. */
  readonly champion: Hmm | null;
  readonly rows: { readonly dimensions: number; readonly values: Float64Array };
  readonly split: HoldoutSplit;
  /** Names of the columns, the log return first. */
  readonly features: readonly string[];
  /** Bars that the features of a row reach back: so many neighbouring rows share bars. */
  readonly warmUpBars: number;
  readonly horizonsBars: readonly number[];
  readonly driftConfidence: number;
}

/** What of the evidence follows from rows and models alone. */
export interface RegimeEvidence extends Pick<
  ModelEvidence,
  'holdoutBars' | 'overOneState' | 'memory' | 'calibrations' | 'drifts'
> {
  /** Null where there is no champion. */
  readonly champion: {
    readonly difference: MeanDifference | null;
    readonly labels: LabelStability | null;
  } | null;
}

/** @throws HmmError for a model that the rows are impossible for. */
export function regimeEvidence(subject: RegimeSubject): RegimeEvidence {
  const { model, rows, split } = subject;
  const seen = watch(model, subject);
  const returns = column(rows, RETURN_FEATURE);
  const { states, filtered } = seen.forecast;
  const weights = regimeWeights(
    filtered.subarray(0, split.trainRows * states),
    filtered.subarray(split.holdoutFrom * states),
    states,
  );
  const returnDensities = stateLogDensities(model, { ...onlyReturns(rows), missing: 'marginalise' });
  return {
    holdoutBars: returns.length - split.holdoutFrom,
    overOneState: difference(seen, watch(subject.oneState, subject), subject),
    memory: subject.horizonsBars.map((horizon) => memoryGain(seen.forecast, returnDensities, split, horizon)),
    calibrations: returnCalibrations(model, predictedStates(seen.forecast, 1), returns, split),
    drifts: subject.features.map((feature, index) => {
      const values = column(rows, index);
      return drift({
        feature,
        reference: values.subarray(0, split.trainRows),
        weights,
        now: values.subarray(split.holdoutFrom),
        confidence: subject.driftConfidence,
      });
    }),
    champion: subject.champion && againstChampion(seen, subject.champion, subject),
  };
}

/** A model over the rows. */
interface Watched {
  readonly forecast: StateForecast;
  /** Predictive log-likelihood of each row of the hold-out, given all rows before it. */
  readonly logLikelihoods: Float64Array;
}

function watch(model: Hmm, { rows, split }: RegimeSubject): Watched {
  const { states, transition } = model;
  const forecast = { states, transition, filtered: filter(model, rows).filtered };
  const predicted = predictedStates(forecast, 1);
  const densities = stateLogDensities(model, rows);
  const logLikelihoods = Float64Array.from(
    { length: densities.length / states - split.holdoutFrom },
    (_, index) => logMixture(predicted, densities, { states, row: split.holdoutFrom + index }),
  );
  return { forecast, logLikelihoods };
}

/** On exactly the same rows. */
function difference(own: Watched, other: Watched, { warmUpBars }: RegimeSubject): MeanDifference | null {
  return pairedMean(
    own.logLikelihoods.map((value, row) => value - other.logLikelihoods[row]!),
    warmUpBars,
  );
}

/** A champion that cannot be compared passes nothing. */
function againstChampion(own: Watched, champion: Hmm, subject: RegimeSubject): RegimeEvidence['champion'] {
  try {
    const other = watch(champion, subject);
    const matched = Array.from({ length: subject.model.states }, () => -1);
    for (const pair of matchStates(champion, subject.model).pairs) matched[pair.challenger] = pair.champion;
    return {
      difference: difference(own, other, subject),
      labels: labelStability(labelsOf(own, subject), labelsOf(other, subject), matched),
    };
  } catch (error) {
    if (!(error instanceof HmmError)) throw error;
    return { difference: null, labels: null };
  }
}

/** The most likely state of each row of the hold-out, given the rows up to it. */
function labelsOf({ forecast: { states, filtered } }: Watched, { split }: RegimeSubject): Int32Array {
  return Int32Array.from({ length: filtered.length / states - split.holdoutFrom }, (_, index) => {
    const row = split.holdoutFrom + index;
    const own = filtered.subarray(row * states, (row + 1) * states);
    return own.reduce((top, probability, state) => (probability > own[top]! ? state : top), 0);
  });
}

function column({ dimensions, values }: RegimeSubject['rows'], index: number): Float64Array {
  return Float64Array.from(
    { length: values.length / dimensions },
    (_, row) => values[row * dimensions + index]!,
  );
}

/** The rows with every feature but the return missing. */
function onlyReturns({ dimensions, values }: RegimeSubject['rows']) {
  return {
    dimensions,
    values: values.map((value, index) => (index % dimensions === RETURN_FEATURE ? value : Number.NaN)),
  };
}
