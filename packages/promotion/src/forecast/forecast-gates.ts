import type { LeakCheck } from '../evidence/leak.ts';
import type { ModelEvidence } from '../evidence/model-evidence.ts';
import { beyondError } from '../gates/beyond-error.ts';
import { betterThanChampion } from '../gates/champion-gates.ts';
import { driftGates } from '../gates/drift-gates.ts';
import { atLeast, atMost, moreThan, type Gate } from '../gates/gate.ts';
import { converged, finite, quality } from '../gates/model-gates.ts';
import type { Verdict } from '../judge.ts';
import type { PromotionPolicy } from '../policy.ts';
import type { ForecastKind } from './baseline.ts';
import type { ForecastEvidence } from './forecast-evidence.ts';

/** What is known of a model that forecasts, besides what it showed on the hold-out. */
export interface ForecastFacts extends Pick<ModelEvidence, 'bars' | 'converged' | 'measures' | 'quality'> {
  readonly kind: ForecastKind;
  readonly leak: LeakCheck | null;
  /** Null where there is no champion; one that could not be tried on the same rows still counts. */
  readonly champion: { readonly expired: boolean } | null;
}

type Policy = PromotionPolicy['model'];

/** Whether a model that forecasts may answer for its stream: only if every gate passes. */
export function judgeForecast(facts: ForecastFacts, evidence: ForecastEvidence, policy: Policy): Verdict {
  const gates: Gate[] = [
    atLeast({
      name: 'enough_bars',
      value: facts.bars,
      limit: policy.bars_min,
      what: 'bars that the model was fitted on',
    }),
    atLeast({
      name: 'enough_holdout',
      value: evidence.holdoutBars,
      limit: policy.holdout_bars_min,
      what: 'bars that the model was measured on',
    }),
    finite(facts),
    converged(facts),
    quality(facts),
    atMost({
      name: 'no_look_ahead',
      value: facts.leak && facts.leak.compared > 0 ? facts.leak.differing : null,
      limit: 0,
      what: 'values of features that change once later bars are taken away',
    }),
    moreThan({
      name: 'better_than_baseline',
      value: evidence.overBaseline?.mean,
      limit: beyondError(evidence.overBaseline, policy.memory_standard_errors, policy.margin_nats),
      what: `nats a bar above ${BASELINES[facts.kind]}, on the hold-out`,
    }),
    ...(facts.kind === 'direction' ? directionGates(evidence, policy) : []),
    ...driftGatesOf(facts, evidence, policy),
    ...(facts.champion
      ? [betterThanChampion({ difference: evidence.overChampion, expired: facts.champion.expired }, policy)]
      : []),
  ];
  return { promote: gates.every(({ pass }) => pass), gates };
}

const BASELINES: Readonly<Record<ForecastKind, string>> = {
  trend: 'a random walk with drift',
  volatility: 'a volatility that never changes',
  direction: 'the share of ones in training',
  regression: 'a normal distribution that never changes',
};

/** A price is never where it was in training: its level says nothing of a model that follows it. */
const driftGatesOf = ({ kind }: ForecastFacts, { drifts }: ForecastEvidence, policy: Policy): Gate[] =>
  kind === 'trend' ? [] : driftGates(drifts, policy);

function directionGates({ calibration }: ForecastEvidence, policy: Policy): Gate[] {
  return [
    atMost({
      name: 'calibration',
      value: calibration?.reliability,
      limit: policy.reliability_max,
      what: 'mean squared gap between the probabilities that the model tells and what followed',
    }),
    atMost({
      name: 'not_too_good',
      value: calibration && 1 - calibration.brier / calibration.brierOfBaseRate,
      limit: policy.direction_skill_max,
      what: "share of the base rate's Brier score that knowing the direction saves, where more would be a leak",
    }),
  ];
}
