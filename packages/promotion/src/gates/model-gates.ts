import type { ModelEvidence } from '../evidence/model-evidence.ts';
import type { PromotionPolicy } from '../policy.ts';
import { championGates } from './champion-gates.ts';
import { driftGates } from './drift-gates.ts';
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
      limit: beyondError(next?.holdout, policy.memory_standard_errors, 0),
      what: 'nats a bar that the past tells of the next return, on the hold-out',
    }),
    horizonGate(memory, policy),
    atMost({
      name: 'not_overfitted',
      value: next?.train && next.holdout ? next.train.mean - next.holdout.mean : null,
      limit: policy.overfit_max_nats,
      what: 'nats a bar that the past tells in training and no longer tells on the hold-out',
    }),
  ];
}

/** Of the horizon that speaks most against the model. */
function horizonGate(memory: ModelEvidence['memory'], policy: Policy): Gate {
  const [worst] = memory
    .flatMap(({ horizonBars, holdout }) => (holdout ? [{ horizonBars, ...holdout }] : []))
    .map(({ horizonBars, mean, standardError }) => ({
      horizonBars,
      mean,
      limit: -policy.memory_standard_errors * standardError,
    }))
    .toSorted((a, b) => a.mean - a.limit - (b.mean - b.limit));
  const isWhole = memory.every(({ holdout }) => holdout !== null);
  return atLeast({
    name: 'holds_over_horizons',
    value: isWhole ? worst?.mean : null,
    limit: worst?.limit ?? 0,
    what: `nats a bar that the past tells of the return ${worst?.horizonBars ?? 'some'} bars ahead`,
  });
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
    ...driftGates(drifts, policy),
  ];
}

export function finite({ measures }: Pick<ModelEvidence, 'measures'>): Gate {
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

export function converged({ converged: pass }: Pick<ModelEvidence, 'converged'>): Gate {
  const detail = pass
    ? 'the fit stopped because the likelihood no longer rose'
    : 'the fit stopped before the likelihood no longer rose';
  return { name: 'converged', pass, value: null, limit: null, detail };
}

export function quality({ quality: verdict }: Pick<ModelEvidence, 'quality'>): Gate {
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
