import type { EmissionOptions } from '../emission-options.ts';
import { HmmError } from '../hmm-error.ts';
import { ARITHMETICS } from '../workspace.ts';
import type { EmOptions } from './em.ts';
import { NO_PRIORS, type Priors } from './priors.ts';

/** Where a search is. */
export interface FitProgress {
  /** Every start is screened for a few iterations, the best are run to the end. */
  readonly phase: 'screening' | 'final';
  /** The start, counted from 0. */
  readonly attempt: number;
  /** The iteration of the phase that has just been done, counted from 1. */
  readonly iteration: number;
  /** In the units of the data. */
  readonly logLikelihoodPerRow: number;
}

/** What holds for every run of EM. */
export interface TrainingOptions extends Partial<Omit<EmOptions, 'priors'>> {
  /** None unless told. */
  readonly priors?: Partial<Priors>;
  /** Ends the fit, which throws the signal's reason; looked at before every iteration. */
  readonly signal?: AbortSignal;
  /** Called after every iteration. */
  readonly onProgress?: (progress: FitProgress) => void;
}

/** How to look for a model. */
export interface SearchOptions extends TrainingOptions {
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

const EM_DEFAULTS: EmOptions = {
  iterationsMax: 500,
  tolerance: 1e-6,
  varianceFloor: 1e-4,
  priors: NO_PRIORS,
  arithmetic: 'auto',
};
const SEARCH_DEFAULTS = { seed: 1, restarts: 12, screeningIterations: 8, finalists: 3, orderBy: 0 };

/** The options of EM with what was not told. @throws HmmError `bad_option`. */
export function emOptionsOf(options: TrainingOptions): EmOptions {
  const em = {
    iterationsMax: options.iterationsMax ?? EM_DEFAULTS.iterationsMax,
    tolerance: options.tolerance ?? EM_DEFAULTS.tolerance,
    varianceFloor: options.varianceFloor ?? EM_DEFAULTS.varianceFloor,
    priors: { ...EM_DEFAULTS.priors, ...options.priors },
    arithmetic: options.arithmetic ?? EM_DEFAULTS.arithmetic,
  };
  checkWhole(em.iterationsMax, 'iterationsMax', 0);
  if (!(em.tolerance >= 0)) throw new HmmError('bad_option', `tolerance must be from 0, not ${em.tolerance}`);
  if (!(em.varianceFloor > 0 && em.varianceFloor < 1))
    throw new HmmError('bad_option', `varianceFloor must be between 0 and 1, not ${em.varianceFloor}`);
  if (!ARITHMETICS.includes(em.arithmetic))
    throw new HmmError('bad_option', `arithmetic must be auto or plain, not ${em.arithmetic as string}`);
  return em;
}

/** The options of the search with what was not told. @throws HmmError `bad_option`. */
export function searchOptionsOf(options: SearchOptions, dimensions: number) {
  const search = {
    states: options.states,
    seed: options.seed ?? SEARCH_DEFAULTS.seed,
    restarts: options.restarts ?? SEARCH_DEFAULTS.restarts,
    screeningIterations: options.screeningIterations ?? SEARCH_DEFAULTS.screeningIterations,
    finalists: options.finalists ?? SEARCH_DEFAULTS.finalists,
    orderBy: options.orderBy ?? SEARCH_DEFAULTS.orderBy,
  };
  checkWhole(search.states, 'states', 1);
  checkWhole(search.seed, 'seed', Number.MIN_SAFE_INTEGER);
  checkWhole(search.restarts, 'restarts', 1);
  checkWhole(search.screeningIterations, 'screeningIterations', 0);
  checkWhole(search.finalists, 'finalists', 1);
  checkWhole(search.orderBy, 'orderBy', 0);
  if (search.orderBy >= dimensions)
    throw new HmmError('bad_option', `orderBy must name a feature below ${dimensions}`);
  return search;
}

/** @throws HmmError `bad_option`. */
export function checkWhole(value: number, name: string, min: number): void {
  if (!Number.isSafeInteger(value) || value < min)
    throw new HmmError('bad_option', `${name} must be a whole number from ${min}, not ${value}`);
}
