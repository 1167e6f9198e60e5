import { fit, RETURN_FEATURE, type Hmm } from '@aistock/hmm-ts';
import { MODEL_FEATURE_NAMES, MODEL_WARM_UP_BARS, modelFeatures, type PriceBar } from '@aistock/market';
import { leakCheck, type Rows } from '../evidence/leak.ts';
import { regimeEvidence } from '../evidence/regime-evidence.ts';
import { judge, type Verdict } from '../judge.ts';
import { PromotionPolicy } from '../policy.ts';

const HOLDOUT_SHARE = 0.2;
const SEED = 7;
const policy = PromotionPolicy.parse({});

export interface Challenge {
  readonly bars: readonly PriceBar[];
  readonly states?: readonly number[];
  readonly champion?: Hmm;
  /** What the model sees; the features of ml_service unless told. */
  readonly features?: (bars: readonly PriceBar[]) => Rows;
  /** Other bars that the model is fitted on; measured it is on its own all the same. */
  readonly fittedOn?: readonly PriceBar[];
}

export interface Challenged extends Verdict {
  readonly model: Hmm;
  /** Names of the gates that did not pass. */
  readonly failed: readonly string[];
}

/** Fits a challenger as ml_service does and judges it by the default policy. */
export function challenge({
  bars,
  champion,
  states = [2, 3],
  features = modelFeatures,
  fittedOn,
}: Challenge): Challenged {
  const rows = features(bars);
  const count = rows.values.length / rows.dimensions;
  const holdoutFrom = count - Math.floor(count * HOLDOUT_SHARE);
  const split = { holdoutFrom, trainRows: holdoutFrom - MODEL_WARM_UP_BARS };
  const trained = { ...rows, values: rows.values.subarray(0, split.trainRows * rows.dimensions) };
  const best = states
    .map((number) =>
      fit(fittedOn ? features(fittedOn) : trained, { states: number, seed: SEED, orderBy: RETURN_FEATURE }),
    )
    .reduce((top, other) => (other.bic < top.bic ? other : top));
  const { champion: compared, ...measured } = regimeEvidence({
    model: best.model,
    oneState: fit(trained, { states: 1, restarts: 1 }).model,
    champion: champion ?? null,
    rows,
    split,
    features: MODEL_FEATURE_NAMES,
    warmUpBars: MODEL_WARM_UP_BARS,
    horizonsBars: policy.model.horizons_bars,
    driftConfidence: policy.model.drift_confidence,
  });
  const model = {
    ...measured,
    bars: split.trainRows,
    converged: best.converged,
    measures: { bic: best.bic, log_likelihood: best.logLikelihood },
    occupancyMin: Math.min(...best.statistics.occupancy) / best.statistics.rows,
    leak: leakCheck(bars, features, [Math.floor(bars.length / 2), bars.length - 1]),
    quality: 'pass' as const,
    ...(compared && { champion: { ...compared, expired: false, newerByMs: 0 } }),
  };
  const verdict = judge({ model }, policy);
  const failed = verdict.gates.filter(({ pass }) => !pass).map(({ name }) => name);
  return { ...verdict, model: best.model, failed };
}
