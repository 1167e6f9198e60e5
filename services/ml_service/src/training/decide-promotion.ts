import type { Gate } from '@aistock/shared';
import type { z } from 'zod';

export type GateResult = z.output<typeof Gate>;

/** A state that holds less than this share of the rows is an accident, not a regime. */
const OCCUPANCY_SHARE_MIN = 0.01;

/** What a challenger showed. Log-likelihoods of the hold-out are means a bar, in nats. */
export interface ChallengerResult {
  readonly bars: number;
  readonly converged: boolean;
  readonly logLikelihood: number;
  readonly bic: number;
  /** The least occupied state's share of the rows. */
  readonly occupancyShareMin: number;
  readonly holdout: number;
  /** A single Gaussian on the same hold-out: what no regimes at all would have scored. */
  readonly baselineHoldout: number;
  /** The champion on the same hold-out; undefined where there is none, or where it reads other features. */
  readonly championHoldout: number | undefined;
}

export interface PromotionTerms {
  readonly barsMin: number;
  /** Nats a bar. */
  readonly margin: number;
  /** An expired champion is not allowed to act: a challenger only has to be no worse. */
  readonly championExpired: boolean;
}

export interface PromotionDecision {
  readonly promote: boolean;
  readonly gates: readonly GateResult[];
}

/** Whether a challenger goes live: only if every gate passes. What cannot be computed does not pass. */
export function decidePromotion(result: ChallengerResult, terms: PromotionTerms): PromotionDecision {
  const gates = [
    atLeast('enough_bars', result.bars, terms.barsMin, 'bars that the model was fitted on'),
    finite(result),
    {
      name: 'converged',
      pass: result.converged,
      value: null,
      limit: null,
      detail: 'EM stopped because the likelihood no longer rose',
    },
    atLeast(
      'states_occupied',
      result.occupancyShareMin,
      OCCUPANCY_SHARE_MIN,
      'share of the rows of the least occupied state',
    ),
    atLeast(
      'better_than_one_state',
      result.holdout - result.baselineHoldout,
      terms.margin,
      'nats a bar above a single Gaussian on the hold-out',
    ),
    ...championGate(result, terms),
  ];
  return { promote: gates.every((gate) => gate.pass), gates };
}

function championGate(result: ChallengerResult, terms: PromotionTerms): GateResult[] {
  if (result.championHoldout === undefined) return [];
  const gain = result.holdout - result.championHoldout;
  return terms.championExpired
    ? [
        atLeast(
          'no_worse_than_expired_champion',
          gain,
          -terms.margin,
          'nats a bar above the champion on the hold-out',
        ),
      ]
    : [atLeast('better_than_champion', gain, terms.margin, 'nats a bar above the champion on the hold-out')];
}

function finite(result: ChallengerResult): GateResult {
  const numbers = [result.logLikelihood, result.bic, result.holdout, result.baselineHoldout];
  const broken = numbers.filter((value) => !Number.isFinite(value)).length;
  return {
    name: 'finite',
    pass: broken === 0,
    value: broken,
    limit: 0,
    detail: 'measures that are not finite',
  };
}

function atLeast(name: string, value: number, limit: number, detail: string): GateResult {
  return { name, pass: value >= limit, value: Number.isFinite(value) ? value : null, limit, detail };
}
