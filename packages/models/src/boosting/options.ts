import { ModelError } from '../model-error.ts';

/** How trees are boosted; the names are LightGBM's in camel case, and so are the meanings. */
export interface BoostingOptions {
  /** `binary`: labels 0 and 1, log-loss, predictions are probabilities. `regression`: squared error. */
  readonly objective: 'binary' | 'regression';
  readonly rounds: number;
  readonly learningRate: number;
  readonly leavesMax: number;
  readonly leafRowsMin: number;
  /** Least sum of second derivatives in a leaf. */
  readonly leafHessianMin: number;
  /** L2 penalty of leaf values. */
  readonly lambda: number;
  /** Least gain of a split. */
  readonly gainMin: number;
  /** Of each feature, missing values included; LightGBM's 255 leave 254 beside the one that it keeps for zero. */
  readonly binsMax: number;
  /** By feature: 1 never falls, -1 never rises, 0 is free. Free everywhere unless told. */
  readonly monotone?: readonly (-1 | 0 | 1)[];
  /** Stops once so many rounds brought nothing on the validation rows; those rounds are cut off again. */
  readonly stopAfterRounds: number;
}

export const BOOSTING_DEFAULTS: BoostingOptions = {
  objective: 'binary',
  rounds: 100,
  learningRate: 0.1,
  leavesMax: 15,
  leafRowsMin: 20,
  leafHessianMin: 1e-3,
  lambda: 1,
  gainMin: 0,
  binsMax: 254,
  stopAfterRounds: 20,
};

const BINS_LIMIT = 255;
const ROUNDS_LIMIT = 10_000;
const LEAVES_LIMIT = 4_096;

/** @throws ModelError `bad_option`, naming the option and what it may be. */
export function checkOptions(options: BoostingOptions, features: number): void {
  whole(options.rounds, 'rounds', [1, ROUNDS_LIMIT]);
  whole(options.leavesMax, 'leavesMax', [2, LEAVES_LIMIT]);
  whole(options.leafRowsMin, 'leafRowsMin', [1, Number.MAX_SAFE_INTEGER]);
  whole(options.binsMax, 'binsMax', [2, BINS_LIMIT]);
  whole(options.stopAfterRounds, 'stopAfterRounds', [1, ROUNDS_LIMIT]);
  atLeastZero(options.leafHessianMin, 'leafHessianMin');
  atLeastZero(options.lambda, 'lambda');
  atLeastZero(options.gainMin, 'gainMin');
  const { learningRate, monotone } = options;
  if (!(learningRate > 0 && learningRate <= 1))
    throw new ModelError('bad_option', `learningRate must be above 0 and at most 1, not ${learningRate}`);
  if (monotone && monotone.length !== features)
    throw new ModelError('bad_option', `monotone must have an entry for each of ${features} features`);
}

function whole(value: number, name: string, [min, max]: readonly [number, number]): void {
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new ModelError('bad_option', `${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

function atLeastZero(value: number, name: string): void {
  if (!(value >= 0 && Number.isFinite(value)))
    throw new ModelError('bad_option', `${name} must be a number from 0, not ${value}`);
}
