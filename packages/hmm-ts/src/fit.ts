import { runEm, type EmOptions, type EmRun } from './em.ts';
import { sizeOfModel, type EmissionOptions, type GaussianOptions } from './emission-options.ts';
import { familyOf } from './families/family-of.ts';
import type { GaussianHmm } from './gaussian-hmm.ts';
import { HmmError } from './hmm-error.ts';
import type { Hmm, ModelSize } from './hmm.ts';
import { bayesianInformationCriterion, parameterCount } from './model-size.ts';
import type { Observations } from './observations.ts';
import { createRandom } from './random.ts';
import { spansFor } from './rows-of-model.ts';
import { identityScaling, logVolume, scalingOf } from './scaling.ts';
import { startingModel } from './starts.ts';
import { rescale } from './state-moments.ts';
import { calmestFirst, reorderModel, reorderStatistics } from './state-order.ts';
import type { SufficientStatistics } from './statistics.ts';
import { ARITHMETICS, createWorkspace, type Arithmetic, type Workspace } from './workspace.ts';

const EM_DEFAULTS: EmOptions = {
  iterationsMax: 500,
  tolerance: 1e-6,
  varianceFloor: 1e-4,
  arithmetic: 'auto',
};
const SEARCH_DEFAULTS = { seed: 1, restarts: 12, screeningIterations: 8, finalists: 3, orderBy: 0 };

/** How to look for a model. */
export interface SearchOptions extends Partial<EmOptions> {
  readonly states: number;
  readonly seed?: number;
  /** Starts that are tried for a few iterations each. */
  readonly restarts?: number;
  readonly screeningIterations?: number;
  /** The best of them that are then run to the end: the one that leads early is not always the best. */
  readonly finalists?: number;
  /** The feature whose deviation orders the states, calmest first. */
  readonly orderBy?: number;
}

export type FitOptions = SearchOptions & EmissionOptions;

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
}

/**
 * Fits an HMM by EM: features are standardised inside, many starts are screened, the best few run to the end,
 * and the states come ordered by volatility. The same data, options and seed give the same bits.
 * @throws HmmError `bad_option`, `bad_shape`, `not_finite`, `unknown_symbol`, or `too_few_rows` (less rows than free
 *   parameters).
 */
export function fit(observations: Observations, options: SearchOptions & GaussianOptions): Fit<GaussianHmm>;
export function fit(observations: Observations, options: FitOptions): Fit;
export function fit(observations: Observations, options: FitOptions): Fit {
  const search = { ...SEARCH_DEFAULTS, ...options };
  const em = { ...EM_DEFAULTS, ...options };
  checkOptions(observations, search, em);
  const size = sizeOfModel(options, options.states, observations.dimensions);
  const prepared = prepare(observations, size, { rowsMin: parameterCount(size), ...em });
  const shape = { size, scaling: prepared.scaling, varianceFloor: em.varianceFloor };
  const random = createRandom(search.seed);
  const screened: EmRun[] = [];
  for (let attempt = 0; attempt < search.restarts; attempt++) {
    const start = startingModel(prepared.workspace.values(), shape, random, attempt);
    screened.push(runEm(start, prepared.workspace, { ...em, iterationsMax: search.screeningIterations }));
  }
  const finals = screened
    .toSorted(byLogLikelihood)
    .slice(0, search.finalists)
    .map((run) => continueRun(run, prepared.workspace, em));
  return fitOf(finals.toSorted(byLogLikelihood)[0]!, prepared.volume, search.orderBy);
}

/**
 * Runs EM from a given model; its scaling is replaced by that of the data. The order of the states stays.
 * @throws HmmError as {@link fit}.
 */
export function fitFrom<M extends Hmm>(
  start: M,
  observations: Observations,
  options?: Partial<EmOptions>,
): Fit<M>;
export function fitFrom(start: Hmm, observations: Observations, options: Partial<EmOptions> = {}): Fit {
  const em = { ...EM_DEFAULTS, ...options };
  checkOptions(observations, { ...SEARCH_DEFAULTS, states: start.states }, em);
  const prepared = prepare(observations, start, { rowsMin: 1, ...em });
  return fitOf(runEm(rescale(start, prepared.scaling), prepared.workspace, em), prepared.volume, undefined);
}

interface Preparation {
  readonly rowsMin: number;
  readonly arithmetic: Arithmetic;
}

function prepare(observations: Observations, size: ModelSize, { rowsMin, arithmetic }: Preparation) {
  const spans = spansFor(size, observations, rowsMin);
  const { scaled } = familyOf(size.family);
  const scaling = scaled ? scalingOf(observations) : identityScaling(size.dimensions);
  const workspace = createWorkspace({ values: observations.values, spans, scaling }, size, arithmetic);
  return { scaling, workspace, volume: logVolume(scaling, observations.values) };
}

function continueRun(run: EmRun, workspace: Workspace, em: EmOptions): EmRun {
  if (run.stoppedBy !== 'iterations_max') return run;
  const rest = runEm(run.model, workspace, em);
  return { ...rest, history: [...run.history, ...rest.history.slice(1)] };
}

function byLogLikelihood(a: EmRun, b: EmRun): number {
  return b.last.logLikelihood - a.last.logLikelihood;
}

function fitOf(run: EmRun, volume: number, orderBy: number | undefined): Fit {
  const order = orderBy === undefined ? undefined : calmestFirst(run.model, orderBy);
  const { statistics } = run.last;
  const logLikelihood = run.last.logLikelihood - volume;
  return {
    model: order ? reorderModel(run.model, order) : run.model,
    logLikelihood,
    history: run.history.map((value) => value - volume),
    converged: run.stoppedBy === 'converged',
    stoppedBy: run.stoppedBy,
    bic: bayesianInformationCriterion(run.model, logLikelihood, statistics.rows),
    statistics: order ? reorderStatistics(statistics, order) : statistics,
  };
}

function checkOptions(
  observations: Observations,
  search: typeof SEARCH_DEFAULTS & { states: number },
  em: EmOptions,
): void {
  checkWhole(search.states, 'states', 1);
  checkWhole(search.seed, 'seed', Number.MIN_SAFE_INTEGER);
  checkWhole(search.restarts, 'restarts', 1);
  checkWhole(search.screeningIterations, 'screeningIterations', 0);
  checkWhole(search.finalists, 'finalists', 1);
  checkWhole(em.iterationsMax, 'iterationsMax', 0);
  if (!(em.tolerance >= 0)) throw new HmmError('bad_option', `tolerance must be from 0, not ${em.tolerance}`);
  if (!(em.varianceFloor > 0 && em.varianceFloor < 1))
    throw new HmmError('bad_option', `varianceFloor must be between 0 and 1, not ${em.varianceFloor}`);
  if (!ARITHMETICS.includes(em.arithmetic))
    throw new HmmError('bad_option', `arithmetic must be auto or plain, not ${String(em.arithmetic)}`);
  checkWhole(search.orderBy, 'orderBy', 0);
  if (search.orderBy >= observations.dimensions)
    throw new HmmError('bad_option', `orderBy must name a feature below ${observations.dimensions}`);
}

function checkWhole(value: number, name: string, min: number): void {
  if (!Number.isSafeInteger(value) || value < min)
    throw new HmmError('bad_option', `${name} must be a whole number from ${min}, not ${value}`);
}
