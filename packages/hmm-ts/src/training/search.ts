import { sizeOfModel } from '../emission-options.ts';
import { familyOf } from '../families/family-of.ts';
import type { ModelSize } from '../hmm.ts';
import { parameterCount } from '../model-size.ts';
import type { Observations } from '../observations.ts';
import { createRandom } from '../random.ts';
import { spansFor } from '../rows-of-model.ts';
import { identityScaling, logVolume, scalingOf } from '../scaling.ts';
import type { ScaledRows, Workspace } from '../workspace.ts';
import { emptyStates } from './degenerate-states.ts';
import { runEm, type EmOptions, type EmRun, type EmWatch } from './em.ts';
import {
  emOptionsOf,
  searchOptionsOf,
  type FitOptions,
  type FitProgress,
  type TrainingOptions,
} from './fit-options.ts';
import { checkPriors } from './priors.ts';
import { startingModel } from './starts.ts';

/** All that the steps of a search need besides the rows; plain data, so that it can be sent to a worker thread. */
export interface SearchPlan {
  readonly size: ModelSize;
  readonly em: EmOptions;
  readonly screeningIterations: number;
  /** Of each start. */
  readonly seeds: readonly number[];
  readonly finalists: number;
  readonly orderBy: number;
}

/** Rows that are checked, with the units that they are worked on in. */
export interface PreparedRows extends ScaledRows {
  /** What a log-likelihood of the standardised rows loses in the units of the data. */
  readonly volume: number;
  readonly count: number;
}

/** @throws HmmError for options that do not hold or rows that the options do not fit. */
export function planSearch(
  observations: Observations,
  options: FitOptions,
): { plan: SearchPlan; rows: PreparedRows } {
  const search = searchOptionsOf(options, observations.dimensions);
  const em = emOptionsOf(options);
  const size = sizeOfModel(options, search.states, observations.dimensions);
  checkPriors(em.priors, size.family);
  const random = createRandom(search.seed);
  const seeds = Array.from({ length: search.restarts }, () => random.below(2 ** 32));
  const { screeningIterations, finalists, orderBy } = search;
  return {
    plan: { size, em, screeningIterations, seeds, finalists, orderBy },
    rows: prepareRows(observations, size, parameterCount(size)),
  };
}

/** @throws HmmError `bad_shape`, `not_finite`, `unknown_symbol`, or `too_few_rows`. */
export function prepareRows(observations: Observations, size: ModelSize, rowsMin: number): PreparedRows {
  const spans = spansFor(size, observations, rowsMin);
  const { values, dimensions } = observations;
  const scaling = familyOf(size.family).scaled ? scalingOf(observations) : identityScaling(dimensions);
  return { values, spans, scaling, volume: logVolume(scaling, values), count: values.length / dimensions };
}

/**
 * A start, run for a few iterations. One that loses a state on the way is drawn once more, and the better is kept: that
 * with more states alive, then the likelier.
 */
export function screen(
  plan: SearchPlan,
  { scaling, workspace }: ScaledRows & { workspace: Workspace },
  attempt: number,
  watch: EmWatch,
): EmRun {
  const { size, em } = plan;
  const random = createRandom(plan.seeds[attempt]!);
  const shape = { size, scaling, varianceFloor: em.varianceFloor, missing: workspace.missing };
  const draw = () => {
    const start = startingModel(workspace.values(), shape, random, attempt);
    return runEm(start, workspace, { ...em, iterationsMax: plan.screeningIterations }, watch);
  };
  const first = draw();
  if (lost(first) === 0) return first;
  const second = draw();
  return (lost(first) - lost(second) || second.objective - first.objective) > 0 ? second : first;
}

function lost(run: EmRun): number {
  return emptyStates(run.last.statistics).length;
}

/** A screened run, run to the end. */
export function finish(plan: SearchPlan, workspace: Workspace, run: EmRun, watch: EmWatch): EmRun {
  if (run.stoppedBy !== 'iterations_max') return run;
  const rest = runEm(run.model, workspace, plan.em, watch);
  return { ...rest, history: [...run.history, ...rest.history.slice(1)] };
}

/** The runs, likeliest first; of equal ones, that of the earlier start. */
export function likeliestFirst<R extends Pick<EmRun, 'objective'>>(runs: readonly R[]): R[] {
  return runs.toSorted((a, b) => b.objective - a.objective);
}

/** What looks on a run of EM for who asked for the fit. */
export function watchOf(
  { signal, onProgress }: Pick<TrainingOptions, 'signal' | 'onProgress'>,
  { volume, count }: Pick<PreparedRows, 'volume' | 'count'>,
  { phase, attempt }: Pick<FitProgress, 'phase' | 'attempt'>,
): EmWatch {
  const onIteration =
    onProgress &&
    ((iteration: number, logLikelihood: number) =>
      onProgress({ phase, attempt, iteration, logLikelihoodPerRow: (logLikelihood - volume) / count }));
  return { signal, onIteration };
}
