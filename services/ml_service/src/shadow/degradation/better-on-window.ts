import { pairedMean, type PromotionPolicy } from '@aistock/promotion';
import type { LivePath } from '../scores/live-path.ts';
import { judgePath } from './live-evidence.ts';

/** The bars of a champion that no longer fits. */
export interface LeftWindow {
  readonly champion: LivePath;
  /** When it took its place. */
  readonly sinceMs: number;
}

/**
 * Whether a former champion is better on the newest bars than the one that is left, by more than chance, and itself fits them:
 * one that has broken down as well is nothing to go back to.
 */
export function isBetterOnWindow(
  candidate: LivePath,
  { champion, sinceMs }: LeftWindow,
  policy: PromotionPolicy,
): boolean {
  const { window_bars: windowBars, standard_errors: errors } = policy.degradation;
  const own = new Map(candidate.live.map(({ openMs, logLikelihood }) => [openMs, logLikelihood]));
  const differences = champion.live
    .filter(({ openMs }) => openMs >= sinceMs)
    .slice(-windowBars)
    .map(({ openMs, logLikelihood }) => (own.get(openMs) ?? Number.NaN) - logLikelihood);
  const found = pairedMean(Float64Array.from(differences));
  if (!found || found.mean <= errors * found.standardError) return false;
  return !judgePath(candidate, sinceMs, policy).degraded;
}
