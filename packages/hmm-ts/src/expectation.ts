import { backwardBlock, createBackwardCarry } from './backward.ts';
import { emissionsOf } from './emissions.ts';
import { emptyStatistics } from './empty-statistics.ts';
import type { Emissions } from './families/emission-family.ts';
import { familyOf } from './families/family-of.ts';
import { BLOCK_STEPS, forwardBlock, type Lattice } from './forward.ts';
import type { Hmm } from './hmm.ts';
import type { Span } from './observations.ts';
import type { SufficientStatistics } from './statistics.ts';
import type { Workspace } from './workspace.ts';

export interface Expectation {
  /** Of the standardised rows. */
  readonly logLikelihood: number;
  readonly statistics: SufficientStatistics;
}

/** The E step: log-likelihood and expected sufficient statistics of the workspace's rows under the model. */
export function expectation(model: Hmm, workspace: Workspace): Expectation {
  const family = familyOf(model.family);
  const statistics = emptyStatistics(family.sizeOf(model));
  const quickly = quickExpectation(model, workspace, statistics);
  const emissions = family.prepare(model, workspace.missing);
  let logLikelihood = 0;
  for (const span of workspace.spans)
    logLikelihood += quickly(span) ?? stepByStep(span, { model, emissions, workspace }, statistics);
  return { logLikelihood, statistics };
}

/** What the workspace's quick way makes of a sequence; undefined where it has none, or it lost numbers. */
function quickExpectation(
  model: Hmm,
  { quick }: Workspace,
  statistics: SufficientStatistics,
): (span: Span) => number | undefined {
  if (model.family !== 'gaussian' || quick.size === 0) return () => undefined;
  const emissions = emissionsOf(model);
  return (span) => quick.get(span)?.(model, emissions, statistics);
}

interface Step {
  readonly model: Hmm;
  readonly emissions: Emissions;
  readonly workspace: Workspace;
}

function stepByStep(
  span: Span,
  { model, emissions, workspace }: Step,
  statistics: SufficientStatistics,
): number {
  const lattice = workspace.lattice();
  const [first, end] = [span.first, span.first + span.steps];
  const values = workspace.values().subarray(first * model.dimensions, end * model.dimensions);
  const predicted = model.start.slice();
  let logLikelihood = 0;
  for (let from = 0; from < span.steps; from += BLOCK_STEPS) {
    const block = { from, to: Math.min(span.steps, from + BLOCK_STEPS) };
    emissions.logDensities(values, lattice.densities, block);
    logLikelihood += forwardBlock(model, lattice, predicted, block);
  }
  backward({ model, emissions, lattice, values }, statistics);
  return logLikelihood;
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
