import { backwardBlock, createBackwardCarry } from './backward.ts';
import { emissionsOf, logDensityBlock } from './emissions.ts';
import { BLOCK_STEPS, forwardBlock, type Lattice } from './forward.ts';
import type { GaussianHmm } from './gaussian-hmm.ts';
import type { Span } from './observations.ts';
import { accumulateBlock, emptyStatistics, type SufficientStatistics } from './statistics.ts';

/** Standardised rows with room to work on their longest sequence; made once, used in every iteration. */
export interface Workspace {
  readonly dimensions: number;
  readonly values: Float64Array;
  readonly spans: readonly Span[];
  readonly lattice: Lattice;
}

export function createWorkspace(
  values: Float64Array,
  spans: readonly Span[],
  states: number,
  dimensions: number,
): Workspace {
  const cells = spans.reduce((most, span) => Math.max(most, span.steps), 0) * states;
  const lattice = { densities: new Float64Array(cells), posterior: new Float64Array(cells) };
  return { dimensions, values, spans, lattice };
}

export interface Expectation {
  /** Of the standardised rows. */
  readonly logLikelihood: number;
  readonly statistics: SufficientStatistics;
}

/** The E step: log-likelihood and expected sufficient statistics of the workspace's rows under the model. */
export function expectation(model: GaussianHmm, workspace: Workspace): Expectation {
  const emissions = emissionsOf(model);
  const statistics = emptyStatistics(model.covariance, model.states, model.dimensions);
  let logLikelihood = 0;
  for (const span of workspace.spans) {
    const values = workspace.values.subarray(
      span.first * model.dimensions,
      (span.first + span.steps) * model.dimensions,
    );
    const predicted = model.start.slice();
    for (let from = 0; from < span.steps; from += BLOCK_STEPS) {
      const block = { from, to: Math.min(span.steps, from + BLOCK_STEPS) };
      logDensityBlock(emissions, values, workspace.lattice.densities, block);
      logLikelihood += forwardBlock(model, workspace.lattice, predicted, block);
    }
    backward(model, workspace.lattice, values, statistics);
  }
  return { logLikelihood, statistics };
}

function backward(
  model: GaussianHmm,
  lattice: Lattice,
  values: Float64Array,
  statistics: SufficientStatistics,
): void {
  const carry = createBackwardCarry(model.states);
  const steps = values.length / model.dimensions;
  for (let to = steps; to > 0; to -= BLOCK_STEPS) {
    const block = { from: Math.max(0, to - BLOCK_STEPS), to };
    backwardBlock(model, lattice, carry, block);
    accumulateBlock(statistics, values, lattice.posterior, block);
  }
  for (let state = 0; state < model.states; state++)
    statistics.start[state] = statistics.start[state]! + lattice.posterior[state]!;
  for (let pair = 0; pair < carry.pairs.length; pair++)
    statistics.transition[pair] = statistics.transition[pair]! + carry.pairs[pair]! * model.transition[pair]!;
  statistics.rows += steps;
}
