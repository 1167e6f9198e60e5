import { HmmError } from './hmm-error.ts';
import type { MarkovChain } from './markov-chain.ts';

/** Below this the mass of a step is computed again in logarithms, so that nothing underflows. */
const MASS_MIN = 1e-150;
const EXPONENT_MAX = 700;

/** The working arrays of one sequence, row-major steps × states. */
export interface Lattice {
  /** Logarithms of the emission densities; the forward pass turns them into densities scaled step by step. */
  readonly densities: Float64Array;
  /** Filtered probabilities after the forward pass, smoothed ones after the backward pass. */
  readonly posterior: Float64Array;
}

/** Steps `from` up to and without `to` of a sequence; passes run block by block, which the JIT compiler likes. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

export const BLOCK_STEPS = 512;

/**
 * Forward recursion (Rabiner 1989, equations 18 to 20) over a block. Each step subtracts its largest log density
 * before the exponential, so densities never underflow together.
 * @param predicted probability of each state before its step is seen; on return, for the step after the block.
 * @returns the block's part of the log-likelihood.
 * @throws HmmError `impossible_observation` where every reachable state gives the step no density.
 */
export function forwardBlock(
  chain: MarkovChain,
  lattice: Lattice,
  predicted: Float64Array,
  block: Block,
): number {
  const { densities, posterior } = lattice;
  const { states, transition } = chain;
  let logLikelihood = 0;
  let massProduct = 1;
  for (let step = block.from; step < block.to; step++) {
    const row = step * states;
    let shift = densities[row]!;
    for (let j = 1; j < states; j++) {
      const density = densities[row + j]!;
      if (density > shift) shift = density;
    }
    let mass = 0;
    for (let j = 0; j < states; j++) {
      const exponent = densities[row + j]! - shift;
      const scaled = exponent === 0 ? 1 : Math.exp(exponent);
      posterior[row + j] = scaled;
      mass += predicted[j]! * scaled;
    }
    if (mass >= MASS_MIN) {
      const perMass = 1 / mass;
      for (let j = 0; j < states; j++) {
        const scaled = posterior[row + j]!;
        densities[row + j] = scaled;
        posterior[row + j] = predicted[j]! * scaled * perMass;
      }
      massProduct *= mass;
      if (massProduct < MASS_MIN) {
        logLikelihood += Math.log(massProduct);
        massProduct = 1;
      }
    } else {
      shift = stepInLogarithms(lattice, predicted, step);
    }
    logLikelihood += shift;
    predict(transition, posterior, row, predicted);
  }
  return logLikelihood + Math.log(massProduct);
}

/** One step of the chain: `predicted[j]` = sum over i of `posterior[row + i]` × `transition[i, j]`. */
function predict(
  transition: Float64Array,
  posterior: Float64Array,
  row: number,
  predicted: Float64Array,
): void {
  const states = predicted.length;
  for (let j = 0; j < states; j++) {
    let mass = 0;
    for (let i = 0; i < states; i++) mass += posterior[row + i]! * transition[i * states + j]!;
    predicted[j] = mass;
  }
}

/** The same step where the reachable states are so unlikely that plain numbers lose them. */
function stepInLogarithms(lattice: Lattice, predicted: Float64Array, step: number): number {
  const { densities, posterior } = lattice;
  const states = predicted.length;
  const row = step * states;
  let shift = -Infinity;
  for (let j = 0; j < states; j++)
    if (predicted[j]! > 0) shift = Math.max(shift, Math.log(predicted[j]!) + densities[row + j]!);
  if (!Number.isFinite(shift))
    throw new HmmError('impossible_observation', `no reachable state can have made step ${step}`);
  let mass = 0;
  for (let j = 0; j < states; j++) {
    const reachable = predicted[j]! > 0;
    const logDensity = densities[row + j]!;
    posterior[row + j] = reachable ? Math.exp(Math.log(predicted[j]!) + logDensity - shift) : 0;
    densities[row + j] = reachable ? Math.exp(Math.min(logDensity - shift, EXPONENT_MAX)) : 0;
    mass += posterior[row + j]!;
  }
  for (let j = 0; j < states; j++) posterior[row + j] = posterior[row + j]! / mass;
  return shift + Math.log(mass);
}
