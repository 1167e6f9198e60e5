import type { Covariance, HmmJson, OnlineEmJson } from '@aistock/hmm-ts';
import type { FeatureRows } from './feature-rows.ts';
import type { RegimeRegression } from './regime-regression.ts';
import type { RowSplit } from './split-rows.ts';

/** All that a fit needs; plain data, so that it can be sent to a worker thread. */
export interface TrainingJob {
  readonly covariance: Covariance;
  /** Numbers of states to try where there is no line to go on from. */
  readonly states: readonly number[];
  readonly rows: FeatureRows;
  readonly split: RowSplit;
  /** Null where there is none, or where it reads other features. */
  readonly champion: HmmJson | null;
  /** Where online EM stands after the rows before these; null to fit from the rows alone. */
  readonly predecessor: OnlineEmJson | null;
  /** Fits from different starts for each number of states. */
  readonly restarts: number;
  /** Of every draw of the fit: the same job gives the same bits. */
  readonly seed: number;
}

/** Told of the share that is done, from 0 to 1, and of what comes next. */
export type FitProgress = (share: number, message: string) => void;

export interface Candidate {
  readonly states: number;
  readonly bic: number;
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Log-likelihoods in nats and in the units of the features; those of the hold-out are means a row. */
export interface TrainingResult extends Candidate {
  readonly model: HmmJson;
  /** Where online EM stands after every row of the job, those of the hold-out too: a later run goes on from here. */
  readonly carried: OnlineEmJson;
  readonly occupancyShareMin: number;
  readonly holdout: number;
  readonly baselineHoldout: number;
  readonly championHoldout: number | null;
  readonly candidates: readonly Candidate[];
  /** Log-likelihood of the fitted rows before the first iteration of EM and after each; empty where online EM went on. */
  readonly history: readonly number[];
  readonly regression: RegimeRegression;
}
