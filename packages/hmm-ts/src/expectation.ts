import { backwardBlock, createBackwardCarry } from './backward.ts';
import { emissionsOf, logDensityBlock } from './emissions.ts';
import { BLOCK_STEPS, forwardBlock, type Lattice } from './forward.ts';
import type { GaussianHmm } from './gaussian-hmm.ts';
import type { Span } from './observations.ts';
import type { KernelShape } from './wasm/layout.ts';
import { accumulateBlock, emptyStatistics, type SufficientStatistics } from './statistics.ts';
import { laneExpectation } from './wasm/lane-expectation.ts';
import { lanesOf, type LaneRows } from './wasm/lane-rows.ts';

/** Standardised rows with room to work on their longest sequence; made once, used in every iteration. */
export interface Workspace {
  readonly dimensions: number;
  readonly values: Float64Array;
  readonly spans: readonly Span[];
  /** Made at the first need: most long sequences never come here. */
  lattice: Lattice | undefined;
  /** The sequences that a kernel takes. */
  readonly lanes: ReadonlyMap<Span, LaneRows>;
}

export function createWorkspace(values: Float64Array, spans: readonly Span[], shape: KernelShape): Workspace {
  const { dimensions } = shape;
  return { dimensions, values, spans, lattice: undefined, lanes: lanesOf(values, spans, shape) };
}

function createLattice(spans: readonly Span[], states: number): Lattice {
  const cells = spans.reduce((most, span) => Math.max(most, span.steps), 0) * states;
  return { densities: new Float64Array(cells), posterior: new Float64Array(cells) };
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
    const lanes = workspace.lanes.get(span);
    const byKernel = lanes && laneExpectation(lanes, model, emissions, statistics);
    if (byKernel !== undefined) {
      logLikelihood += byKernel;
      continue;
    }
    workspace.lattice ??= createLattice(workspace.spans, model.states);
    const { lattice } = workspace;
    const values = workspace.values.subarray(
      span.first * model.dimensions,
      (span.first + span.steps) * model.dimensions,
    );
    const predicted = model.start.slice();
    for (let from = 0; from < span.steps; from += BLOCK_STEPS) {
      const block = { from, to: Math.min(span.steps, from + BLOCK_STEPS) };
      logDensityBlock(emissions, values, lattice.densities, block);
      logLikelihood += forwardBlock(model, lattice, predicted, block);
    }
    backward(model, lattice, values, statistics);
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
