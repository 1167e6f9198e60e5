import { MODEL_FEATURE_NAMES, MODEL_WARM_UP_BARS, modelFeatures, type PriceBar } from '@aistock/market';
import { onlineToJson, parameterCount, type Covariance, type HmmJson } from '@aistock/hmm-ts';
import type { Carried } from '../registry/artefact.ts';
import { splitRows } from './split-rows.ts';
import type { TrainingJob } from './training-job.ts';
import { TrainingProblem } from './training-problem.ts';

/** The line of models that online EM goes on with. */
export interface TrainingLine {
  readonly model: HmmJson;
  readonly carried: Carried;
}

export interface TrainingInput {
  /** New bars, or the window, in order of time. */
  readonly bars: readonly PriceBar[];
  readonly line: TrainingLine | undefined;
  readonly champion: HmmJson | null;
  readonly covariance: Covariance;
  readonly states: readonly number[];
  readonly holdoutFraction: number;
  /** The hold-out is as long at least, whatever its fraction. */
  readonly holdoutRowsMin: number;
  /** Fits from different starts for each number of states. */
  readonly restarts: number;
  /** Of every draw of the fit. */
  readonly seed: number;
}

/** A job for the fit, and what its rows stand for in time. */
export interface PreparedJob {
  readonly job: TrainingJob;
  /** Open time of the first bar that features are computed from. */
  readonly filterFromMs: number;
  /** Open times of the first and last bar fitted on, over the whole line. */
  readonly trainedFromMs: number;
  readonly trainedToMs: number;
  /** Bars fitted on in this run. */
  readonly barsFitted: number;
  /** The same over the whole line. */
  readonly barsInLine: number;
  /** Bars learned from after this run, hold-out and all. */
  readonly barsCarried: number;
  readonly tail: readonly PriceBar[];
}

/**
 * Features, split and job from bars.
 * @throws TrainingProblem `not_enough_bars`.
 */
export function prepareJob(input: TrainingInput): PreparedJob {
  const line = continuedLine(input);
  const bars = line ? [...line.carried.tail, ...input.bars] : input.bars;
  const { firstIndex, dimensions, values } = modelFeatures(bars);
  const rows = values.length / dimensions;
  const split = splitRows(rows, input.holdoutFraction, MODEL_WARM_UP_BARS, input.holdoutRowsMin);
  const states = input.states.filter(
    (count) =>
      parameterCount({ family: 'gaussian', covariance: input.covariance, states: count, dimensions }) <=
      (split?.trainRows ?? 0),
  );
  if (!split || (states.length === 0 && !line))
    throw new TrainingProblem(
      'not_enough_bars',
      `${bars.length} bars are too few to fit and to measure a model`,
    );
  const openMs = (row: number) => bars[firstIndex + row]!.openMs;
  const barsBefore = line?.carried.bars ?? 0;
  return {
    job: {
      covariance: input.covariance,
      states,
      rows: { dimensions, values },
      split,
      champion: input.champion,
      predecessor: line ? onlineToJson(line.carried.online) : null,
      restarts: input.restarts,
      seed: input.seed,
    },
    filterFromMs: bars[0]!.openMs,
    trainedFromMs: line?.carried.trainedFromMs ?? openMs(0),
    trainedToMs: openMs(split.trainRows - 1),
    barsFitted: split.trainRows,
    barsInLine: barsBefore + split.trainRows,
    barsCarried: barsBefore + rows,
    tail: bars.slice(-MODEL_WARM_UP_BARS),
  };
}

/** The line, where it fits: same kind of model and features, and bars that follow on its last one. */
function continuedLine({ line, bars, covariance }: TrainingInput): TrainingLine | undefined {
  if (line?.model.format !== 'gaussian_hmm/1' || line.model.covariance !== covariance) return undefined;
  if (line.model.dimensions !== MODEL_FEATURE_NAMES.length) return undefined;
  const last = line.carried.tail.at(-1);
  const first = bars[0];
  return last && first && last.openMs < first.openMs ? line : undefined;
}
