import { fit, modelFromJson, type Hmm } from '@aistock/hmm-ts';
import {
  MODEL_FEATURE_NAMES,
  MODEL_WARM_UP_BARS,
  modelFeatures,
  toPriceBar,
  type PriceBar,
} from '@aistock/market';
import {
  leakCheck,
  regimeEvidence,
  type LeakCheck,
  type ModelEvidence,
  type RegimeSubject,
} from '@aistock/promotion';
import { loadArtefact } from '../registry/artefact.ts';
import type { StoredChampion } from '../training/thread/training-task.ts';
import type { ValidationInput } from './validate.ts';

/** Places at which bars are cut off to see whether features know what comes after. */
const LEAK_CUTS = 8;

/**
 * What a challenger showed by itself and against a champion, on exactly the same rows.
 * @param champion null where there is none.
 */
export function modelEvidence(
  { task, bars, job, prepared, result }: ValidationInput,
  champion: StoredChampion | null,
  asked: Pick<RegimeSubject, 'horizonsBars' | 'driftConfidence'>,
): ModelEvidence {
  const { rows, split } = job;
  const rival = champion && comparable(champion);
  const fitted = { ...rows, values: rows.values.subarray(0, split.trainRows * rows.dimensions) };
  const { champion: comparison, ...measured } = regimeEvidence({
    model: modelFromJson(result.model),
    oneState: fit(fitted, { states: 1, restarts: 1 }).model,
    champion: rival,
    rows,
    split,
    features: MODEL_FEATURE_NAMES,
    warmUpBars: MODEL_WARM_UP_BARS,
    ...asked,
  });
  return {
    ...measured,
    bars: prepared.barsInLine,
    converged: result.converged,
    measures: {
      log_likelihood: result.logLikelihood,
      bic: result.bic,
      holdout: result.holdout,
      holdout_one_state: result.baselineHoldout,
    },
    occupancyMin: result.occupancyShareMin,
    leak: featureLeak(bars.map(toPriceBar)),
    quality: task.quality,
    ...(champion &&
      comparison && {
        champion: {
          ...comparison,
          expired: champion.expired,
          newerByMs: bars.at(-1)!.openMs - champion.trainedToMs,
        },
      }),
  };
}

/** Null for a model that reads other features: its likelihoods are of other rows. */
function comparable({ artefact, sha256, features }: StoredChampion): Hmm | null {
  return features.join() === MODEL_FEATURE_NAMES.join() ? loadArtefact(artefact, sha256).hmm : null;
}

function featureLeak(bars: readonly PriceBar[]): LeakCheck {
  const cuts = Array.from({ length: LEAK_CUTS }, (_, cut) =>
    Math.floor(((cut + 1) * bars.length) / (LEAK_CUTS + 1)),
  );
  return leakCheck(bars, modelFeatures, cuts);
}
