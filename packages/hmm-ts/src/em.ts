import { expectation, type Expectation, type Workspace } from './expectation.ts';
import type { Hmm } from './hmm.ts';
import { maximisation } from './maximisation.ts';

/** EM never makes the likelihood fall; more than rounding of this relative size is a fall. */
const FALL_TOLERANCE = 1e-9;

export interface EmOptions {
  readonly iterationsMax: number;
  /** Converged once an iteration gains at most this many nats a row. */
  readonly tolerance: number;
  /** Least variance, as a fraction of the pooled variance of each feature. */
  readonly varianceFloor: number;
}

export interface EmRun {
  readonly model: Hmm;
  /** Of the standardised rows: before the first iteration, then after each. */
  readonly history: readonly number[];
  /** `likelihood_fell`: the guard kept the model of the iteration before. */
  readonly stoppedBy: 'converged' | 'iterations_max' | 'likelihood_fell';
  /** The E step of the final model. */
  readonly last: Expectation;
}

/** Expectation maximisation (Baum, Welch; Dempster, Laird and Rubin 1977) from a start. */
export function runEm(start: Hmm, workspace: Workspace, options: EmOptions): EmRun {
  let model = start;
  let last = expectation(model, workspace);
  const history = [last.logLikelihood];
  const gainMin = options.tolerance * last.statistics.rows;
  for (let iteration = 0; iteration < options.iterationsMax; iteration++) {
    const candidate = maximisation(model, last.statistics, options.varianceFloor);
    const next = expectation(candidate, workspace);
    const gain = next.logLikelihood - last.logLikelihood;
    if (!(gain >= -FALL_TOLERANCE * Math.abs(last.logLikelihood)))
      return { model, history, stoppedBy: 'likelihood_fell', last };
    [model, last] = [candidate, next];
    history.push(next.logLikelihood);
    if (gain <= gainMin) return { model, history, stoppedBy: 'converged', last };
  }
  return { model, history, stoppedBy: 'iterations_max', last };
}
