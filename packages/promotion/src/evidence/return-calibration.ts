import { RETURN_FEATURE, type Hmm } from '@aistock/hmm-ts';
import { calibration, type Calibration } from './calibration.ts';
import type { HoldoutSplit } from './memory-gain.ts';
import { stateProbability } from './state-probability.ts';

/** A return counts as large from this quantile of the sizes in training on. */
const LARGE_QUANTILE = 0.8;

/**
 * How honest a model's forecasts of the next return are on the hold-out: that it rises, and that its size is large. Both
 * follow from the probabilities of the regimes alone.
 * @param predicted row-major rows × states, given the rows before.
 */
export function returnCalibrations(
  model: Hmm,
  predicted: Float64Array,
  returns: Float64Array,
  split: HoldoutSplit,
): (Calibration | null)[] {
  const sizes = returns.subarray(0, split.trainRows).map(Math.abs).toSorted();
  const large = sizes[Math.floor(LARGE_QUANTILE * sizes.length)]!;
  const within = (from: number, to: number) =>
    Float64Array.from({ length: model.states }, (_, state) =>
      stateProbability(model, state, RETURN_FEATURE, { from, to }),
    );
  const events = [
    { event: 'up', chances: within(0, Infinity), follows: (value: number) => value > 0 },
    {
      event: 'large_move',
      chances: within(-large, large).map((chance) => 1 - chance),
      follows: (value: number) => Math.abs(value) >= large,
    },
  ];
  return events.map(({ event, chances, follows }) => {
    const followed = returns.map((value) => Number(follows(value)));
    const told = followed
      .subarray(split.holdoutFrom)
      .map((_, index) => probabilityAt(predicted, chances, split.holdoutFrom + index));
    const trained = followed.subarray(0, split.trainRows);
    const baseRate = trained.reduce((sum, value) => sum + value, 0) / trained.length;
    return calibration({ event, told, followed: followed.subarray(split.holdoutFrom), baseRate });
  });
}

/** Rounding may leave a sum of probabilities a little above 1. */
function probabilityAt(predicted: Float64Array, chances: Float64Array, row: number): number {
  const sum = chances.reduce(
    (total, chance, state) => total + chance * predicted[row * chances.length + state]!,
    0,
  );
  return Math.min(1, sum);
}
