import type { GaussianEmissions } from '../emissions.ts';
import type { MarkovChain } from '../markov-chain.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { backwardPlanes } from './plane-backward.ts';
import { forwardPlanes } from './plane-forward.ts';
import type { PlaneSequence } from './plane-sequence.ts';

/**
 * The E step of one sequence in plain code: its log-likelihood, and its statistics added to the others. Of each block, one
 * loop over its steps follows another (log densities, exponentials, the chain, sums), each so small that the JIT compiler
 * keeps its numbers in registers.
 * @returns undefined, with nothing added, where numbers became too small for it.
 */
export function planeExpectation(
  sequence: PlaneSequence,
  chain: MarkovChain,
  emissions: GaussianEmissions,
  statistics: SufficientStatistics,
): number | undefined {
  const logLikelihood = forwardPlanes(sequence, chain, emissions);
  if (!Number.isFinite(logLikelihood)) return undefined;
  return backwardPlanes(sequence, chain, statistics) ? logLikelihood : undefined;
}
