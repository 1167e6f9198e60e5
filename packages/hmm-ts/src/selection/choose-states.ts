import type { EmissionOptions } from '../emission-options.ts';
import { HmmError } from '../hmm-error.ts';
import type { Observations } from '../observations.ts';
import type { SearchOptions } from '../training/fit-options.ts';
import { fit, type Fit } from '../training/fit.ts';
import { firstRows, heldOutScore } from './held-out-score.ts';
import { akaikeInformationCriterion, integratedCompletedLikelihood } from './information-criteria.ts';

const HELD_OUT_SHARE_DEFAULT = 0.25;
const CRITERIA = ['bic', 'icl', 'held_out'] as const;

export type ChoiceOptions = Omit<SearchOptions, 'states'> &
  EmissionOptions & {
    /** Numbers of states to try. */
    readonly candidates: readonly number[];
    /** `bic` finds what made the rows, `icl` states that can be told apart, `held_out` what predicts. */
    readonly criterion: (typeof CRITERIA)[number];
    /** Share of the rows, the last ones, that `held_out` is measured on; above 0 and below 1. 0.25 unless told. */
    readonly heldOutShare?: number;
  };

export interface StateCandidate {
  /** To all rows. */
  readonly fit: Fit;
  readonly aic: number;
  readonly bic: number;
  readonly icl: number;
  /** Mean predictive log-likelihood of a row held out, under a model fitted to the rows before; in nats. */
  readonly heldOut: number;
}

export interface StateChoice {
  readonly chosen: StateCandidate;
  /** In the order asked for. */
  readonly candidates: readonly StateCandidate[];
}

/**
 * Fits a model with each number of states, to all rows and to those that are not held out, and takes the best by the
 * criterion; of equal ones, that with fewer states. One with degenerate states is taken only where every one has some.
 * @throws HmmError `bad_option`, and as `fit`, for the largest number of states too.
 */
export function chooseStates(observations: Observations, options: ChoiceOptions): StateChoice {
  const { candidates: counts, criterion, heldOutShare = HELD_OUT_SHARE_DEFAULT, ...search } = options;
  if (counts.length === 0)
    throw new HmmError('bad_option', 'candidates must name at least one number of states');
  if (!CRITERIA.includes(criterion))
    throw new HmmError(
      'bad_option',
      `criterion must be one of ${CRITERIA.join(', ')}, not ${criterion as string}`,
    );
  if (!(heldOutShare > 0 && heldOutShare < 1))
    throw new HmmError('bad_option', `heldOutShare must be between 0 and 1, not ${heldOutShare}`);
  const rows = observations.values.length / observations.dimensions;
  const fromRow = Math.round(rows * (1 - heldOutShare));
  const past = firstRows(observations, fromRow);
  const candidates = counts.map((states): StateCandidate => {
    const whole = fit(observations, { ...search, states });
    const { model } = fit(past, { ...search, states });
    return {
      fit: whole,
      aic: akaikeInformationCriterion(whole.model, whole.logLikelihood),
      bic: whole.bic,
      icl: integratedCompletedLikelihood(whole.model, observations),
      heldOut: heldOutScore(model, observations, fromRow),
    };
  });
  const sound = candidates.filter((candidate) => candidate.fit.degenerate.length === 0);
  const eligible = sound.length > 0 ? sound : candidates;
  const cost = (candidate: StateCandidate) =>
    criterion === 'held_out' ? -candidate.heldOut : candidate[criterion];
  const [chosen] = eligible.toSorted((a, b) => cost(a) - cost(b) || a.fit.model.states - b.fit.model.states);
  return { chosen: chosen!, candidates };
}
