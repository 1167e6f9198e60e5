import type { MeanDifference } from '../statistics/mean-difference.ts';
import type { Calibration } from './calibration.ts';
import type { Drift } from './drift.ts';
import type { LabelStability } from './label-stability.ts';
import type { LeakCheck } from './leak.ts';
import type { MemoryGain } from './memory-gain.ts';

/** How a challenger does against the champion on exactly the same rows. */
export interface ChampionComparison {
  /** Of predictive log-likelihoods, the challenger's less the champion's; null where they could not be compared. */
  readonly difference: MeanDifference | null;
  /** An expired champion may not act: a challenger only has to be not worse. */
  readonly expired: boolean;
  /** By how much its last bar, of the hold-out, is later than the last that the champion was fitted on; negative for bars that came late. */
  readonly newerByMs: number;
  /** Null where the states could not be compared. */
  readonly labels: LabelStability | null;
}

/** What a challenger of a stream showed. Null is what could not be computed, and fails its gate. */
export interface ModelEvidence {
  /** Bars that it was fitted on. */
  readonly bars: number;
  readonly holdoutBars: number;
  readonly converged: boolean;
  /** Measures that must be numbers, by name. */
  readonly measures: Readonly<Record<string, number | null>>;
  /** The least occupied state's share of the rows. */
  readonly occupancyMin: number | null;
  /** Predictive log-likelihood of the features less that of a single Gaussian, on the hold-out. */
  readonly overOneState: MeanDifference | null;
  /** By horizon; the first one decides whether the model knows anything. */
  readonly memory: readonly MemoryGain[];
  readonly calibrations: readonly (Calibration | null)[];
  /** One a feature: the hold-out against the training. */
  readonly drifts: readonly (Drift | null)[];
  readonly leak: LeakCheck | null;
  /** Verdict of data_ingester on the stream. */
  readonly quality: 'pass' | 'warn' | 'block' | null;
  /** Undefined where there is no champion, or where it reads other features. */
  readonly champion?: ChampionComparison;
}
