import { logDensityBlock, type GaussianEmissions } from '../emissions.ts';
import type { GaussianHmm } from '../gaussian-hmm.ts';
import { accumulateBlock, type SufficientStatistics } from '../statistics.ts';
import { backwardLanes } from './lane-backward.ts';
import { forwardLanes } from './lane-forward.ts';
import { addPairs } from './lane-statistics.ts';
import { setParameters, type LaneRows } from './lane-rows.ts';

/** The row of an odd sequence that comes before its halves. */
interface Head {
  /** Filtered probabilities. */
  readonly filtered: Float64Array;
  readonly predicted: Float64Array;
  readonly logLikelihood: number;
}

/**
 * The E step of one sequence by the kernel: its log-likelihood, and its statistics added to the others.
 * @returns undefined, with nothing added, where numbers became too small for it.
 */
export function laneExpectation(
  rows: LaneRows,
  model: GaussianHmm,
  emissions: GaussianEmissions,
  statistics: SufficientStatistics,
): number | undefined {
  setParameters(rows.kernel, rows.shape, model, emissions);
  const head = rows.head.length > 0 ? headOf(rows.head, model, emissions) : undefined;
  const logLikelihood = forwardLanes(rows, model, head?.predicted ?? model.start);
  if (logLikelihood === undefined) return undefined;
  const first = backwardLanes(rows, model, statistics);
  if (!first) return undefined;
  let starts = first.smoothed;
  if (head) {
    addPairs(statistics, model, head.filtered, first);
    const weights = head.filtered.map((mass, state) => mass * first.back[state]!);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    starts = weights.map((weight) => weight / total);
    accumulateBlock(statistics, rows.head, starts, { from: 0, to: 1 });
  }
  for (const [state, mass] of starts.entries()) statistics.start[state] = statistics.start[state]! + mass;
  statistics.rows += 2 * rows.steps + (head ? 1 : 0);
  return logLikelihood + (head?.logLikelihood ?? 0);
}

function headOf(
  values: Float64Array,
  { states, start, transition }: GaussianHmm,
  emissions: GaussianEmissions,
): Head {
  const logDensities = new Float64Array(states);
  logDensityBlock(emissions, values, logDensities, { from: 0, to: 1 });
  const top = Math.max(...logDensities);
  const masses = start.map((probability, state) => probability * Math.exp(logDensities[state]! - top));
  const mass = masses.reduce((sum, own) => sum + own, 0);
  const filtered = masses.map((own) => own / mass);
  const predicted = new Float64Array(states);
  for (let from = 0; from < states; from++)
    for (let to = 0; to < states; to++)
      predicted[to] = predicted[to]! + filtered[from]! * transition[from * states + to]!;
  return { filtered, predicted, logLikelihood: top + Math.log(mass) };
}
