import type { EmOptions } from '../training/em.ts';
import { expectation, type Expectation } from '../expectation.ts';
import { HmmError } from '../hmm-error.ts';
import type { Hmm } from '../hmm.ts';
import { maximisation } from '../maximisation.ts';
import type { Observations } from '../observations.ts';
import { spansFor } from '../rows-of-model.ts';
import { logVolume } from '../scaling.ts';
import { calmestFirst, reorderModel, reorderStatistics } from '../state-order.ts';
import { mergeStatistics, type SufficientStatistics } from '../statistics.ts';
import { createWorkspace } from '../workspace.ts';

const PASSES_DEFAULT = 10;
const VARIANCE_FLOOR_DEFAULT = 1e-4;
const TOLERANCE_DEFAULT = 1e-6;

export interface OnlineOptions extends Partial<Pick<EmOptions, 'tolerance' | 'varianceFloor'>> {
  /** What the carried statistics still count, from 0 (nothing) to 1 (every row the same weight for ever). */
  readonly retention?: number;
  /** E and M steps over the new rows at most. */
  readonly passes?: number;
  /** The feature whose deviation orders the states, calmest first. */
  readonly orderBy?: number;
}

export interface OnlineUpdate<M extends Hmm = Hmm> {
  readonly model: M;
  /** To carry to the next update: old and new rows together. */
  readonly statistics: SufficientStatistics;
  /** Of the new rows under the new model, in the units of the data. */
  readonly logLikelihood: number;
  readonly converged: boolean;
}

/** Expected sufficient statistics of the rows under the model. @throws HmmError `bad_shape`, `not_finite`. */
export function sufficientStatistics(model: Hmm, observations: Observations): SufficientStatistics {
  return expectation(model, workspaceOf(model, observations)).statistics;
}

/**
 * Stepwise EM (Cappé and Moulines 2009): the model goes on from the statistics that it carries, and no old row is read
 * again. With n new rows the step size is n / (retention × carried rows + n). The scaling stays that of the model.
 * @throws HmmError `bad_option`, `bad_shape`, `not_finite`, `too_few_rows`.
 */
export function updateOnline<M extends Hmm>(
  model: M,
  carried: SufficientStatistics,
  observations: Observations,
  options?: OnlineOptions,
): OnlineUpdate<M>;
export function updateOnline(
  model: Hmm,
  carried: SufficientStatistics,
  observations: Observations,
  options: OnlineOptions = {},
): OnlineUpdate {
  const { retention = 1, passes = PASSES_DEFAULT, tolerance = TOLERANCE_DEFAULT, orderBy = 0 } = options;
  if (!Number.isSafeInteger(passes) || passes < 1)
    throw new HmmError('bad_option', `passes must be a whole number from 1, not ${passes}`);
  const workspace = workspaceOf(model, observations);
  let updated = model;
  let last = expectation(updated, workspace);
  let converged = false;
  for (let pass = 0; pass < passes && !converged; pass++) {
    const merged = mergeStatistics(carried, last.statistics, retention);
    updated = maximisation(updated, merged, options.varianceFloor ?? VARIANCE_FLOOR_DEFAULT);
    const next: Expectation = expectation(updated, workspace);
    converged = Math.abs(next.logLikelihood - last.logLikelihood) <= tolerance * next.statistics.rows;
    last = next;
  }
  const order = calmestFirst(updated, orderBy);
  return {
    model: reorderModel(updated, order),
    statistics: reorderStatistics(mergeStatistics(carried, last.statistics, retention), order),
    logLikelihood: last.logLikelihood - logVolume(model.scaling, observations.values),
    converged,
  };
}

function workspaceOf(model: Hmm, observations: Observations) {
  const spans = spansFor(model, observations, 1);
  return createWorkspace({ values: observations.values, spans, scaling: model.scaling }, model);
}
