import type { Algorithm } from '../algorithm.ts';
import { ModelError } from '../model-error.ts';
import { boostedTrees } from './boosted-trees.ts';
import { garch, garchGjr, garchGjrT, garchT } from './garch.ts';
import {
  hmmGaussianDiagonal,
  hmmGaussianFull,
  hmmGaussianSpherical,
  hmmGaussianTied,
  hmmStudentT,
} from './hmm.ts';
import { kalmanTrend } from './kalman-trend.ts';
import { linearRidge, logisticRidge } from './linear.ts';

/** Every algorithm by its name. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  [
    hmmGaussianDiagonal,
    hmmGaussianFull,
    hmmGaussianSpherical,
    hmmGaussianTied,
    hmmStudentT,
    kalmanTrend,
    garch,
    garchGjr,
    garchT,
    garchGjrT,
    logisticRidge,
    linearRidge,
    boostedTrees,
  ].map((algorithm) => [algorithm.name, algorithm]),
);

/** @throws ModelError `bad_option` for a name that is none. */
export function algorithmNamed(name: string): Algorithm {
  const found = ALGORITHMS.get(name);
  if (found) return found;
  const names = [...ALGORITHMS.keys()].join(', ');
  throw new ModelError('bad_option', `algorithm must be one of ${names}, not ${name}`, 'algorithm');
}
