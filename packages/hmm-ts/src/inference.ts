import { backwardBlock, createBackwardCarry } from './backward.ts';
import { BLOCK_STEPS, forwardBlock, type Lattice } from './forward.ts';
import { HmmError } from './hmm-error.ts';
import type { MarkovChain } from './markov-chain.ts';

export interface Posterior {
  /** Natural logarithm of the density of the whole sequence. */
  readonly logLikelihood: number;
  /** Row-major steps × states: probability of the state given the observations up to the step. Causal. */
  readonly filtered: Float64Array;
  /** The same given the whole sequence: looks ahead, never for live use or a backtest. */
  readonly smoothed: Float64Array;
  /** Row-major states × states: expected number of transitions. */
  readonly transitions: Float64Array;
}

/**
 * Filter and smoother for any emissions.
 * @param logDensities row-major steps × states: logarithm of the density of each observation in each state.
 */
export function forwardBackward(chain: MarkovChain, logDensities: Float64Array): Posterior {
  const steps = stepsOf(chain, logDensities);
  const lattice = { densities: logDensities.slice(), posterior: new Float64Array(logDensities.length) };
  const logLikelihood = forwardSequence(chain, lattice, steps);
  const filtered = lattice.posterior.slice();
  const carry = createBackwardCarry(chain.states);
  for (let to = steps; to > 0; to -= BLOCK_STEPS)
    backwardBlock(chain, lattice, carry, { from: Math.max(0, to - BLOCK_STEPS), to });
  const transitions = carry.pairs.map((pair, index) => pair * chain.transition[index]!);
  return { logLikelihood, filtered, smoothed: lattice.posterior, transitions };
}

/** Runs the forward pass over a whole sequence in place and returns its log-likelihood. */
export function forwardSequence(chain: MarkovChain, lattice: Lattice, steps: number): number {
  const predicted = chain.start.slice();
  let logLikelihood = 0;
  for (let from = 0; from < steps; from += BLOCK_STEPS)
    logLikelihood += forwardBlock(chain, lattice, predicted, {
      from,
      to: Math.min(steps, from + BLOCK_STEPS),
    });
  return logLikelihood;
}

export interface Path {
  /** Joint log density of the observations and the path. */
  readonly logProbability: number;
  readonly states: Int32Array;
}

/** The most likely path (Viterbi 1967), for any emissions; arguments as {@link forwardBackward}. Ties go to the lower state. */
export function viterbi(chain: MarkovChain, logDensities: Float64Array): Path {
  const { states } = chain;
  const steps = stepsOf(chain, logDensities);
  const logTransition = chain.transition.map(Math.log);
  const from = new Int32Array(steps * states);
  let best = chain.start.map((probability, state) => Math.log(probability) + logDensities[state]!);
  for (let step = 1; step < steps; step++) {
    const next = new Float64Array(states);
    for (let j = 0; j < states; j++) {
      let top = -Infinity;
      let arg = 0;
      for (let i = 0; i < states; i++) {
        const value = best[i]! + logTransition[i * states + j]!;
        if (value > top) [top, arg] = [value, i];
      }
      next[j] = top + logDensities[step * states + j]!;
      from[step * states + j] = arg;
    }
    best = next;
  }
  const logProbability = Math.max(...best);
  if (!Number.isFinite(logProbability))
    throw new HmmError('impossible_observation', 'no path can have made the sequence');
  const path = new Int32Array(steps);
  path[steps - 1] = best.indexOf(logProbability);
  for (let step = steps - 1; step > 0; step--) path[step - 1] = from[step * states + path[step]!]!;
  return { logProbability, states: path };
}

function stepsOf(chain: MarkovChain, logDensities: Float64Array): number {
  const steps = logDensities.length / chain.states;
  if (!Number.isInteger(steps) || steps === 0)
    throw new HmmError(
      'bad_shape',
      `logDensities must be steps × ${chain.states}, not ${logDensities.length}`,
    );
  return steps;
}
