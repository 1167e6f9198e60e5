import type { ModelEvidence } from '../evidence/model-evidence.ts';
import type { PromotionPolicy } from '../policy.ts';
import { championGates } from './champion-gates.ts';
import { atLeast, atMost, moreThan, type Gate } from './gate.ts';
import { mostOf } from './most-of.ts';
import { beyondError } from './beyond-error.ts';

type Policy = PromotionPolicy['model'];

/** The gates of a model by itself: whether it may answer for its stream. */
export function modelGates(evidence: ModelEvidence, policy: Policy): Gate[] {
  return [
    atLeast({
      name: 'enough_bars',
      value: evidence.bars,
      limit: policy.bars_min,
      what: 'bars that the model was fitted on',
    }),
    atLeast({
      name: 'enough_holdout',
      value: evidence.holdoutBars,
      limit: policy.holdout_bars_min,
      what: 'bars that the model was measured on',
    }),
    finite(evidence),
    converged(evidence),
    atLeast({
      name: 'states_occupied',
      value: evidence.occupancyMin,
      limit: policy.occupancy_min,
      what: 'share of the rows of the least occupied state',
    }),
    quality(evidence),
    atMost({
      name: 'no_look_ahead',
      value: evidence.leak && evidence.leak.compared > 0 ? evidence.leak.differing : null,
      limit: 0,
      what: 'values of features that change once later bars are taken away',
    }),
    ...predictionGates(evidence, policy),
    ...honestyGates(evidence, policy),
    ...championGates(evidence.champion, policy),
  ];
}

function predictionGates({ overOneState, memory }: ModelEvidence, policy: Policy): Gate[] {
  const [next] = memory;
  const floor = (standardErrors: number, error: number | undefined) => -standardErrors * (error ?? 0);
  const worst = mostOf(
    memory.map(
      ({ holdout }) => holdout && floor(policy.standard_errors, holdout.standardError) - holdout.mean,
    ),
  );
  return [
    moreThan({
      name: 'better_than_one_state',
      value: overOneState?.mean,
      limit: beyondError(overOneState, policy.standard_errors, policy.margin_nats),
      what: 'nats a bar above a single Gaussian on the hold-out',
    }),
    moreThan({
      name: 'better_than_no_memory',
      value: next?.holdout?.mean,
      limit: beyondError(next?.holdout, policy.standard_errors, policy.margin_nats),
      what: 'nats a bar that the past tells of the next return, on the hold-out',
    }),
    atMost({
      name: 'holds_over_horizons',
      value: worst,
      limit: 0,
      what: `nats a bar by which the forecast over the worst of ${memory.map((gain) => gain.horizonBars).join(', ')} bars is significantly worse than one without memory`,
    }),
    atMost({
      name: 'not_overfitted',
      value: next?.train && next.holdout ? next.train.mean - next.holdout.mean : null,
      limit: policy.overfit_max_nats,
      what: 'nats a bar that the past tells in training and no longer tells on the hold-out',
    }),
  ];
}

function honestyGates({ calibrations, drifts }: ModelEvidence, policy: Policy): Gate[] {
  const direction = calibrations.find((each) => each?.event === 'up');
  return [
    atMost({
      name: 'calibration',
      value: mostOf(calibrations.map((each) => each && each.reliability)),
      limit: policy.reliability_max,
      what: 'mean squared gap between the probabilities that the model tells and what followed',
    }),
    atMost({
      name: 'not_too_good',
      value: direction && 1 - direction.brier / direction.brierOfBaseRate,
      limit: policy.direction_skill_max,
      what: "share of the base rate's Brier score that knowing the direction saves, where more would be a leak",
    }),
    // Drift has to be large, and more than chance makes of it.
    atMost({
      name: 'drift_psi',
      value: mostOf(drifts.map((each) => each && each.psi - Math.max(policy.psi_max, each.psiOfChance))),
      limit: 0,
      what: 'population stability index of the feature that drifted most, above what is allowed and what chance makes',
    }),
    atMost({
      name: 'drift_ks',
      value: mostOf(drifts.map((each) => each && each.ks - Math.max(policy.ks_max, each.ksOfChance))),
      limit: 0,
      what: 'distance of the distributions of the feature that drifted most, above what is allowed and what chance makes',
    }),
  ];
}

function finite({ measures }: ModelEvidence): Gate {
  const broken = Object.entries(measures).filter(([, value]) => !Number.isFinite(value));
  const names = broken.map(([name]) => name).join(', ');
  return {
    name: 'finite',
    pass: broken.length === 0,
    value: broken.length,
    limit: 0,
    detail: broken.length === 0 ? 'every measure is a finite number' : `not finite: ${names}`,
  };
}

function converged({ converged: pass }: ModelEvidence): Gate {
  const detail = pass
    ? 'the fit stopped because the likelihood no longer rose'
    : 'the fit stopped before the likelihood no longer rose';
  return { name: 'converged', pass, value: null, limit: null, detail };
}

function quality({ quality: verdict }: ModelEvidence): Gate {
  const detail = verdict
    ? `data_ingester says ${verdict} of the stream's bars`
    : "the verdict on the stream's bars is not known";
  return {
    name: 'quality',
    pass: verdict === 'pass' || verdict === 'warn',
    value: null,
    limit: null,
    detail,
  };
}
