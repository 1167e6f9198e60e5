import type { GaussianOptions } from '../emission-options.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import type { Hmm } from '../hmm.ts';
import { bayesianInformationCriterion } from '../model-size.ts';
import type { Observations } from '../observations.ts';
import { rescale } from '../state-moments.ts';
import { calmestFirst, reorderModel, reorderStatistics } from '../state-order.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { createWorkspace } from '../workspace.ts';
import { degenerateStates, type DegenerateState } from './degenerate-states.ts';
import { runEm, type EmOptions, type EmRun } from './em.ts';
import { emOptionsOf, type FitOptions, type SearchOptions, type TrainingOptions } from './fit-options.ts';
import { checkPriors } from './priors.ts';
import {
  finish,
  likeliestFirst,
  planSearch,
  prepareRows,
  screen,
  watchOf,
  type PreparedRows,
} from './search.ts';

export interface Fit<M extends Hmm = Hmm> {
  readonly model: M;
  /** In the units of the data. */
  readonly logLikelihood: number;
  /** Log-likelihood before the first and after each iteration, in the units of the data. */
  readonly history: readonly number[];
  readonly converged: boolean;
  readonly stoppedBy: EmRun['stoppedBy'];
  /** Bayesian information criterion: smaller is better. */
  readonly bic: number;
  /** Expected statistics of the rows under the model; online EM goes on from them. */
  readonly statistics: SufficientStatistics;
  /** States that say nothing of their own; with any, fewer states would do. */
  readonly degenerate: readonly DegenerateState[];
}

/**
 * Fits an HMM by EM: features are standardised inside, many starts are screened, the best few run to the end,
 * and the states come ordered by volatility. The same data, options and seed give the same bits.
 * @throws HmmError `bad_option`, `bad_shape`, `not_finite`, `unknown_symbol`, or `too_few_rows` (less rows than free
 *   parameters); the reason of `signal` once it is aborted.
 */
export function fit(observations: Observations, options: SearchOptions & GaussianOptions): Fit<GaussianHmm>;
export function fit(observations: Observations, options: FitOptions): Fit;
export function fit(observations: Observations, options: FitOptions): Fit {
  const { plan, rows } = planSearch(observations, options);
  const workspace = createWorkspace(rows, plan.size, plan.em.arithmetic);
  const screened = plan.seeds.map((_, attempt) => ({
    attempt,
    ...screen(plan, { ...rows, workspace }, attempt, watchOf(options, rows, { phase: 'screening', attempt })),
  }));
  const finals = likeliestFirst(screened)
    .slice(0, plan.finalists)
    .map(({ attempt, ...run }) =>
      finish(plan, workspace, run, watchOf(options, rows, { phase: 'final', attempt })),
    );
  return fitOf(likeliestFirst(finals)[0]!, rows, plan);
}

/**
 * Runs EM from a given model; its scaling is replaced by that of the data. The order of the states stays.
 * @throws HmmError as {@link fit}.
 */
export function fitFrom<M extends Hmm>(
  start: M,
  observations: Observations,
  options?: TrainingOptions,
): Fit<M>;
export function fitFrom(start: Hmm, observations: Observations, options: TrainingOptions = {}): Fit {
  const em = emOptionsOf(options);
  checkPriors(em.priors, start.family);
  const rows = prepareRows(observations, start, 1);
  const workspace = createWorkspace(rows, start, em.arithmetic);
  const watch = watchOf(options, rows, { phase: 'final', attempt: 0 });
  return fitOf(runEm(rescale(start, rows.scaling), workspace, em, watch), rows, { em });
}

/** What a run found, in the units of the data. */
export function fitOf(
  run: EmRun,
  { volume }: Pick<PreparedRows, 'volume'>,
  { em, orderBy }: { em: EmOptions; orderBy?: number },
): Fit {
  const order = orderBy === undefined ? undefined : calmestFirst(run.model, orderBy);
  const model = order ? reorderModel(run.model, order) : run.model;
  const statistics = order ? reorderStatistics(run.last.statistics, order) : run.last.statistics;
  const logLikelihood = run.last.logLikelihood - volume;
  return {
    model,
    logLikelihood,
    history: run.history.map((value) => value - volume),
    converged: run.stoppedBy === 'converged',
    stoppedBy: run.stoppedBy,
    bic: bayesianInformationCriterion(model, logLikelihood, statistics.rows),
    statistics,
    degenerate: degenerateStates(model, statistics, em.varianceFloor),
  };
}
