import { MODEL_FEATURE_NAMES } from '@aistock/market';
import { judgeLive, type LiveEvidence, type LiveVerdict, type PromotionPolicy } from '@aistock/promotion';
import type { LiveBar, LivePath } from '../scores/live-path.ts';

/** How a model fits the bars that opened from a time on. */
export function judgePath(path: LivePath, fromMs: number, policy: PromotionPolicy): LiveVerdict {
  return judgeLive(liveEvidence(path, fromMs, policy), policy);
}

function liveEvidence(
  { states, holdout, training, live }: LivePath,
  fromMs: number,
  { degradation }: PromotionPolicy,
): LiveEvidence {
  const since = live.filter(({ openMs }) => openMs >= fromMs);
  return {
    logLikelihoods: Float64Array.from(since, ({ logLikelihood }) => logLikelihood),
    features: MODEL_FEATURE_NAMES,
    states,
    training: seenRows(training),
    live: seenRows(
      since.slice(-Math.max(degradation.drift_bars, degradation.window_bars) - degradation.for_bars),
    ),
    holdout,
  };
}

const seenRows = (bars: readonly LiveBar[]): LiveEvidence['live'] => ({
  values: Float64Array.from(bars.flatMap(({ row }) => [...row])),
  filtered: Float64Array.from(bars.flatMap(({ probabilities }) => [...probabilities])),
});
