import type { SufficientStatistics } from '../statistics.ts';
import { OCCUPANCY_MIN } from './emission-family.ts';
import { digamma } from './gamma.ts';
import type { StudentTHmm } from './student-t-hmm.ts';

/** Below two there is no variance; beyond the upper bound the tails are a Gaussian's for every purpose. */
const FREEDOM_MIN = 2.1;
const FREEDOM_MAX = 200;
const BISECTIONS = 60;

/**
 * The M step of Student-t: means, dispersions and degrees of freedom (Liu and Rubin 1995), with the expansion of
 * parameters that makes it many times faster (Kent, Tyler and Vardi 1994; Meng and van Dyk 1997): precisions are told
 * relative to their mean. Dispersions are at least `varianceFloor`, degrees of freedom within their bounds.
 */
export function maximiseStudentT(
  model: StudentTHmm,
  statistics: SufficientStatistics,
  varianceFloor: number,
): StudentTHmm {
  const means = model.means.slice();
  const dispersions = model.dispersions.slice();
  const freedoms = model.freedoms.slice();
  for (let state = 0; state < model.states; state++) {
    const rows = statistics.occupancy[state]!;
    if (!(rows >= OCCUPANCY_MIN)) continue;
    const precision = statistics.weights[2 * state]!;
    const logPrecision = statistics.weights[2 * state + 1]! / rows;
    const own = state * model.dimensions;
    const end = own + model.dimensions;
    for (let at = own; at < end; at++) {
      means[at] = statistics.sums[at]! / precision;
      dispersions[at] = statistics.products[at]! / precision - means[at]! ** 2;
    }
    const expanded = dispersions.subarray(own, end).every((dispersion) => dispersion >= varianceFloor);
    // At the floor the expansion is no longer a maximum: the plain step is, and it only differs by a factor.
    const scale = expanded ? 1 : precision / rows;
    for (let at = own; at < end; at++) dispersions[at] = Math.max(dispersions[at]! * scale, varianceFloor);
    const mean = precision / rows;
    freedoms[state] = bestFreedom(expanded ? logPrecision - Math.log(mean) - 1 : logPrecision - mean);
  }
  return { ...model, means, dispersions, freedoms };
}

/** Where log(ν/2) − ψ(ν/2) + 1 + gain = 0, kept within the bounds; the left side falls as ν grows. */
function bestFreedom(gain: number): number {
  const slope = (freedom: number) => Math.log(freedom / 2) - digamma(freedom / 2) + 1 + gain;
  if (slope(FREEDOM_MIN) <= 0) return FREEDOM_MIN;
  if (slope(FREEDOM_MAX) >= 0) return FREEDOM_MAX;
  let low = FREEDOM_MIN;
  let high = FREEDOM_MAX;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
