import { expectation, type Expectation } from '../expectation.ts';
import type { Hmm } from '../hmm.ts';
import { maximisation } from '../maximisation.ts';
import type { Arithmetic, Workspace } from '../workspace.ts';
import { logPrior, withPriors, type Priors } from './priors.ts';

/** EM never makes what it climbs fall; more than rounding of this relative size is a fall. */
const FALL_TOLERANCE = 1e-9;

export interface EmOptions {
  readonly iterationsMax: number;
  /** Converged once an iteration gains at most this many nats a row. */
  readonly tolerance: number;
  /** Least variance, as a fraction of the pooled variance of each feature. */
  readonly varianceFloor: number;
  readonly priors: Priors;
  /** `auto` unless told. */
  readonly arithmetic: Arithmetic;
}

/** Who looks on while EM runs. */
export interface EmWatch {
  /** Ends the run with its reason as the error, at the latest after the iteration that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each iteration, with the log-likelihood of the standardised rows. */
  readonly onIteration?: ((iteration: number, logLikelihood: number) => void) | undefined;
}

export interface EmRun {
  readonly model: Hmm;
  /** Log-likelihood of the standardised rows: before the first iteration, then after each. */
  readonly history: readonly number[];
  /** `likelihood_fell`: the guard kept the model of the iteration before. */
  readonly stoppedBy: 'converged' | 'iterations_max' | 'likelihood_fell';
  /** What EM climbed: the log-likelihood, and with priors the logarithm of their density besides. */
  readonly objective: number;
  /** The E step of the final model. */
  readonly last: Expectation;
}

/**
 * Expectation maximisation (Baum, Welch; Dempster, Laird and Rubin 1977) from a start. With priors it climbs the
 * posterior, and the log-likelihood itself may fall.
 */
export function runEm(start: Hmm, workspace: Workspace, options: EmOptions, watch: EmWatch = {}): EmRun {
  const { iterationsMax, tolerance, varianceFloor, priors } = options;
  watch.signal?.throwIfAborted();
  let model = start;
  let last = expectation(model, workspace);
  let objective = last.logLikelihood + logPrior(model, priors);
  const history = [last.logLikelihood];
  const gainMin = tolerance * last.statistics.rows;
  for (let iteration = 1; iteration <= iterationsMax; iteration++) {
    watch.signal?.throwIfAborted();
    const candidate = maximisation(model, withPriors(model, last.statistics, priors), varianceFloor);
    const next = expectation(candidate, workspace);
    const reached = next.logLikelihood + logPrior(candidate, priors);
    const gain = reached - objective;
    if (!(gain >= -FALL_TOLERANCE * Math.abs(objective)))
      return { model, history, stoppedBy: 'likelihood_fell', objective, last };
    [model, last, objective] = [candidate, next, reached];
    history.push(next.logLikelihood);
    watch.onIteration?.(iteration, next.logLikelihood);
    if (gain <= gainMin) return { model, history, stoppedBy: 'converged', objective, last };
  }
  return { model, history, stoppedBy: 'iterations_max', objective, last };
}
