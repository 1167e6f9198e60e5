import type { LedgerFileRow } from '@aistock/ledger';
import type { ModelEvidence, PromotionPolicy } from '@aistock/promotion';
import type { LakePlace } from '@aistock/service-kit';
import type { JudgedStrategy } from '../../validation/judged-strategy.ts';
import type { Decision } from '../../validation/validate.ts';
import type { NewModel } from '../new-model.ts';
import type { TrainingTerms } from '../runs/training-terms.ts';

/** Where a thread reads bars from. */
export interface BarPlaces {
  readonly lake: LakePlace;
  readonly ingester: { readonly url: string; readonly token: string | undefined };
}

/** Which bars to train on, as they were known at a time, Unix ms UTC. */
export type WantedBars =
  | { readonly type: 'files'; readonly files: readonly LedgerFileRow[]; readonly asOfMs: number }
  /** So many up to and with the one that opens at `lastOpenMs`. */
  | {
      readonly type: 'window';
      readonly lastOpenMs: number;
      readonly barsMax: number;
      readonly asOfMs: number;
    };

/** A model as it is stored. */
export interface StoredModel {
  readonly artefact: string;
  readonly sha256: string;
  readonly features: readonly string[];
}

export interface StoredChampion extends StoredModel {
  /** It may not act any more: a challenger only has to be not worse. */
  readonly expired: boolean;
  /** Open time of the last bar that it was fitted on, Unix ms UTC. */
  readonly trainedToMs: number;
}

/** All that a training needs, whichever thread does it; plain data. */
export interface TrainingTask {
  readonly places: BarPlaces;
  readonly stream: string;
  readonly wanted: WantedBars;
  readonly terms: TrainingTerms;
  readonly seed: number;
  /** The model whose statistics go on; null to fit from the bars alone. */
  readonly line: (StoredModel & { readonly carried: string }) | null;
  readonly champion: StoredChampion | null;
  /** Verdict of data_ingester on the stream when the run began. */
  readonly quality: ModelEvidence['quality'];
  /** What is asked of a model that answers for everybody who has none of his own. */
  readonly policy: PromotionPolicy;
  /** Strategies whose own gates judge the model besides. */
  readonly strategies: readonly JudgedStrategy[];
}

/** What came of a training, before anything is written; plain data. */
export interface TrainingOutcome {
  readonly model: NewModel;
  readonly validation: Decision;
}

/** How far a thread is. */
export interface ThreadProgress {
  readonly phase: 'reading' | 'fitting' | 'validating';
  /** Done of the phase, from 0 to 1. */
  readonly share: number;
  readonly message: string;
}

export type Told = (progress: ThreadProgress) => void;
