import { calibration, type Calibration } from '../evidence/calibration.ts';
import { drift, type Drift } from '../evidence/drift.ts';
import type { HoldoutSplit } from '../evidence/memory-gain.ts';
import type { MeanDifference } from '../statistics/mean-difference.ts';
import { pairedMean } from '../statistics/paired-mean.ts';

/** A model on rows of which it was fitted on the first ones, beside what it must beat. One value a row; NaN says nothing. */
export interface ForecastSubject {
  readonly split: HoldoutSplit;
  /** Predictive log-likelihoods, in nats. */
  readonly logLikelihoods: Float64Array;
  readonly baseline: Float64Array;
  /** Null where there is no champion that could be tried on these rows. */
  readonly champion: Float64Array | null;
  /** Rows that the target of a row reaches forward. */
  readonly overlapRows: number;
  readonly features: readonly { readonly name: string; readonly values: Float64Array }[];
  /** Of a model of the direction: the probability that it told, and 1 or 0 for what followed. */
  readonly forecasts: { readonly told: Float64Array; readonly followed: Float64Array } | null;
  /** With which drift is told from chance, from 0 to 1. */
  readonly driftConfidence: number;
}

/** What a model that forecasts showed on rows that it was not fitted on. Null is what could not be computed. */
export interface ForecastEvidence {
  /** Hold-out rows that say something. */
  readonly holdoutBars: number;
  /** Mean predictive log-likelihood of a hold-out row, nats. */
  readonly holdout: number | null;
  /** Of predictive log-likelihoods on the hold-out, the model's less those of the baseline. */
  readonly overBaseline: MeanDifference | null;
  /** The same against the champion; null also where there is none. */
  readonly overChampion: MeanDifference | null;
  readonly calibration: Calibration | null;
  readonly drifts: readonly (Drift | null)[];
}

/** Where more of the rows say something of one side only, both were not tried on the same thing. */
const SHARED_MIN = 0.9;

/** Measures a model, its champion and its baseline on exactly the same hold-out rows. */
export function forecastEvidence(subject: ForecastSubject): ForecastEvidence {
  const { split, logLikelihoods, champion, overlapRows, features, forecasts, driftConfidence } = subject;
  const from = split.holdoutFrom;
  const known = logLikelihoods.subarray(from).filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const against = (other: Float64Array) =>
    pairedDifference(logLikelihoods.subarray(from), other.subarray(from), overlapRows);
  return {
    holdoutBars: known.length,
    holdout: Number.isFinite(mean) ? mean : null,
    overBaseline: against(subject.baseline),
    overChampion: champion && against(champion),
    calibration: forecasts && calibrated(forecasts, split),
    drifts: features.map(({ name, values }) =>
      drift({
        feature: name,
        reference: present(values.subarray(0, split.trainRows)),
        now: present(values.subarray(from)),
        confidence: driftConfidence,
      }),
    ),
  };
}

function pairedDifference(
  own: Float64Array,
  other: Float64Array,
  overlapRows: number,
): MeanDifference | null {
  const differences = present(own.map((value, row) => value - other[row]!));
  const known = Math.max(present(own).length, present(other).length);
  return differences.length < SHARED_MIN * known ? null : pairedMean(differences, overlapRows);
}

function calibrated(
  { told, followed }: NonNullable<ForecastSubject['forecasts']>,
  { trainRows, holdoutFrom }: HoldoutSplit,
): Calibration | null {
  const before = present(followed.subarray(0, trainRows));
  const rows = [...told.keys()].filter(
    (row) => row >= holdoutFrom && !Number.isNaN(told[row]) && !Number.isNaN(followed[row]),
  );
  return calibration({
    event: 'one',
    told: Float64Array.from(rows, (row) => told[row]!),
    followed: Float64Array.from(rows, (row) => followed[row]!),
    baseRate: before.reduce((sum, label) => sum + label, 0) / before.length,
  });
}

const present = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));
