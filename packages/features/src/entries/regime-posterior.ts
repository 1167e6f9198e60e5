import { modelFromJson, streamFilter } from '@aistock/hmm-ts';
import { feature, type Feature } from '../feature.ts';
import { FeatureError } from '../feature-error.ts';
import { barsToMix } from './bars-to-mix.ts';

/** A regime model to filter with. */
export interface RegimeArtefact {
  readonly modelId: string;
  /** What `modelToJson` gave. */
  readonly model: unknown;
  /** What the model reads, in its order. */
  readonly reads: readonly Feature[];
}

/** What the start of a filter may still say. */
const FORGOTTEN = 1e-12;
/** A chain that forgets more slowly has no warm-up that anybody could wait for. */
const WARM_UP_BARS_MAX = 20_000;

interface Filtering {
  readonly inner: readonly unknown[];
  seen: number;
  /** Probability of each state at the next bar. */
  predicted: readonly number[];
}

/**
 * One feature a state of a regime model, `regime_<state>_of_<model id>`: the probability of the state given all bars so far.
 * Another model makes other features, so its id is in their names. A bar at which a feature that the model reads has no value
 * is passed over.
 * @throws FeatureError `bad_option` where the model reads another number of features, or does not forget in time.
 * @throws HmmError `bad_model` for anything that is no model.
 */
export function regimePosteriors({ modelId, model: json, reads }: RegimeArtefact): readonly Feature[] {
  const model = modelFromJson(json);
  if (model.dimensions !== reads.length)
    throw new FeatureError(
      'bad_option',
      `${modelId} reads ${model.dimensions} features, not ${reads.length}`,
    );
  const mixingBars = barsToMix(model, { share: FORGOTTEN, barsMax: WARM_UP_BARS_MAX });
  if (mixingBars === undefined)
    throw new FeatureError(
      'bad_option',
      `${modelId} has not forgotten a state after ${WARM_UP_BARS_MAX} bars`,
    );
  const filter = streamFilter(model);
  const innerBars = reads.reduce((most, { warmUpBars }) => Math.max(most, warmUpBars), 0);
  const step = (filtering: Filtering, row: readonly number[], state: number): number => {
    filtering.seen += 1;
    if (filtering.seen <= innerBars || row.some(Number.isNaN)) return Number.NaN;
    const before = { ...filter.initial, predicted: Float64Array.from(filtering.predicted) };
    const { probabilities, predicted } = filter.filterStep(before, row);
    filtering.predicted = [...predicted];
    return probabilities[state]!;
  };
  return Array.from({ length: model.states }, (_, state) =>
    feature<Filtering>({
      name: `regime_${state}_of_${modelId}`,
      version: 1,
      inputs: [...new Set(reads.flatMap(({ inputs }) => inputs))],
      options: { state },
      warmUpBars: innerBars + mixingBars,
      unit: 'probability',
      description: `Filtered probability of state ${state} of the regime model ${modelId}.`,
      start: (timeframe) => ({
        inner: reads.map((each) => each.start(timeframe)),
        seen: 0,
        predicted: [...model.start],
      }),
      step: (filtering, bar) =>
        step(
          filtering,
          reads.map((each, i) => each.step(filtering.inner[i], bar)),
          state,
        ),
    }),
  );
}
