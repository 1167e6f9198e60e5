import { backwardBlock, createBackwardCarry } from './backward.ts';
import { emissionsOf } from './emissions.ts';
import { emptyStatistics } from './empty-statistics.ts';
import type { Emissions } from './families/emission-family.ts';
import { familyOf } from './families/family-of.ts';
import { BLOCK_STEPS, forwardBlock, type Lattice } from './forward.ts';
import { layoutOfCovariance } from './gaussian-hmm.ts';
import type { Hmm, ModelSize } from './hmm.ts';
import type { Span } from './observations.ts';
import type { SufficientStatistics } from './statistics.ts';
import { laneExpectation } from './wasm/lane-expectation.ts';
import { lanesOf, type LaneRows } from './wasm/lane-rows.ts';

/** Standardised rows with room to work on their longest sequence; made once, used in every iteration. */
export interface Workspace {
  readonly dimensions: number;
  readonly values: Float64Array;
  /** Whether any of them is NaN: missing. */
  readonly missing: boolean;
  readonly spans: readonly Span[];
  /** Made at the first need: most long sequences never come here. */
  lattice: Lattice | undefined;
  /** The sequences that a kernel takes. */
  readonly lanes: ReadonlyMap<Span, LaneRows>;
}

export function createWorkspace(values: Float64Array, spans: readonly Span[], size: ModelSize): Workspace {
  const missing = values.some(Number.isNaN);
  const lanes =
    size.family === 'gaussian' && !missing
      ? lanesOf(values, spans, { ...size, covariance: layoutOfCovariance(size.covariance) })
      : new Map<Span, LaneRows>();
  return { dimensions: size.dimensions, values, missing, spans, lattice: undefined, lanes };
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
export function expectation(model: Hmm, workspace: Workspace): Expectation {
  const family = familyOf(model.family);
  const emissions = family.prepare(model, workspace.missing);
  const gaussian = model.family === 'gaussian' ? { model, emissions: emissionsOf(model) } : undefined;
  const statistics = emptyStatistics(family.sizeOf(model));
  let logLikelihood = 0;
  for (const span of workspace.spans) {
    const lanes = workspace.lanes.get(span);
    const byKernel =
      lanes && gaussian && laneExpectation(lanes, gaussian.model, gaussian.emissions, statistics);
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
      emissions.logDensities(values, lattice.densities, block);
      logLikelihood += forwardBlock(model, lattice, predicted, block);
    }
    backward({ model, emissions, lattice, values }, statistics);
  }
  return { logLikelihood, statistics };
}

interface ForwardPass {
  readonly model: Hmm;
  readonly emissions: Emissions;
  readonly lattice: Lattice;
  readonly values: Float64Array;
}

function backward(
  { model, emissions, lattice, values }: ForwardPass,
  statistics: SufficientStatistics,
): void {
  const carry = createBackwardCarry(model.states);
  const steps = values.length / model.dimensions;
  for (let to = steps; to > 0; to -= BLOCK_STEPS) {
    const block = { from: Math.max(0, to - BLOCK_STEPS), to };
    backwardBlock(model, lattice, carry, block);
    emissions.accumulate(statistics, values, lattice.posterior, block);
  }
  for (let state = 0; state < model.states; state++)
    statistics.start[state] = statistics.start[state]! + lattice.posterior[state]!;
  for (let pair = 0; pair < carry.pairs.length; pair++)
    statistics.transition[pair] = statistics.transition[pair]! + carry.pairs[pair]! * model.transition[pair]!;
  statistics.rows += steps;
}
