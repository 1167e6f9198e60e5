import type { GaussianEmissions } from '../emissions.ts';
import type { MarkovChain } from '../markov-chain.ts';
import { blockDensities, createLogDensities } from './densities.ts';
import { forwardPass } from './forward.ts';
import { latticeBlock, RESCALE_STEPS, type LatticeBlock } from './lattice.ts';
import { quadraticsOf } from './log-densities.ts';
import type { PlaneSequence } from './plane-sequence.ts';
import { createRowPlanes, fillRowPlanes } from './row-planes.ts';

/** A mass below it has lost digits: such a sequence is computed step by step. */
const MASS_MIN = 1e-150;

/**
 * The densities and the forward pass of a sequence, block by block.
 * @returns the log-likelihood; NaN where masses became too small.
 */
export function forwardPlanes(
  { rows, blocks, lattice }: PlaneSequence,
  { states, start, transition }: MarkovChain,
  emissions: GaussianEmissions,
): number {
  const { list, stride } = blocks;
  const quadratics = quadraticsOf(emissions);
  const values = createRowPlanes(emissions.dimensions, stride);
  const logs = createLogDensities(states, stride);
  const pass = forwardPass(states);
  const predicted = start.slice();
  let logLikelihood = 0;
  for (const each of list) {
    const block = latticeBlock(lattice, each, { states, stride });
    fillRowPlanes(rows, each, values);
    logLikelihood += blockDensities(quadratics, values, logs, block);
    block.start.set(predicted);
    pass(transition, predicted, block);
    logLikelihood -= logFactors(block);
  }
  const mass = predicted.reduce((sum, own) => sum + own, 0);
  return mass >= MASS_MIN ? logLikelihood + Math.log(mass) : Number.NaN;
}

/** Sum of the logarithms of a block's factors; NaN where one tells of a mass that was too small. */
function logFactors({ factors, steps }: LatticeBlock): number {
  let sum = 0;
  let product = 1;
  const count = Math.floor(steps / RESCALE_STEPS);
  for (let index = 0; index < count; index++) {
    const factor = factors[index]!;
    if (!(factor <= 1 / MASS_MIN)) return Number.NaN;
    product *= factor;
    if (product > 1 / MASS_MIN || product < MASS_MIN) {
      sum += Math.log(product);
      product = 1;
    }
  }
  return sum + Math.log(product);
}
