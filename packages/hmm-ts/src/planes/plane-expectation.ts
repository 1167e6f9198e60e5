import type { GaussianEmissions } from '../emissions.ts';
import type { MarkovChain } from '../markov-chain.ts';
import type { SufficientStatistics } from '../statistics.ts';
import type { PlaneLattice } from './lattice.ts';
import { backwardPlanes } from './plane-backward.ts';
import { forwardPlanes } from './plane-forward.ts';
import type { PlaneRows } from './plane-rows.ts';

/** A sequence with room to work on it. */
export interface PlaneSequence {
  readonly rows: PlaneRows;
  readonly lattice: PlaneLattice;
}

/**
 * The E step of one sequence in plain code: its log-likelihood, and its statistics added to the others. Of each block, one
 * loop over its steps follows another (log densities, exponentials, the chain, sums), each so small that the JIT compiler
 * keeps its numbers in registers.
 * @returns undefined, with nothing added, where numbers became too small for it.
 */
export function planeExpectation(
  { rows, lattice }: PlaneSequence,
  chain: MarkovChain,
  emissions: GaussianEmissions,
  statistics: SufficientStatistics,
): number | undefined {
  const logLikelihood = forwardPlanes(rows, lattice, chain, emissions);
  if (!Number.isFinite(logLikelihood)) return undefined;
  return backwardPlanes(rows, lattice, chain, statistics) ? logLikelihood : undefined;
}
