import { stateDeviations, stateLogDensities, stateMeans, type Hmm } from '@aistock/hmm-ts';

/** What lies further out, in standard deviations of the state, is left out. */
const REACH = 12;
/** Even. */
const INTERVALS = 400;

/**
 * Probability that a state makes a value of one feature from `from` to `to`, for any family of densities: Simpson's rule over
 * what lies within twelve deviations of the state, as a share of all that does. Right to 1e-6 for normal states.
 */
export function stateProbability(
  model: Hmm,
  state: number,
  feature: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const index = state * model.dimensions + feature;
  const [mean, deviation] = [stateMeans(model)[index]!, stateDeviations(model)[index]!];
  const [least, most] = [mean - REACH * deviation, mean + REACH * deviation];
  const mass = (low: number, high: number) => integrate(model, { state, feature, low, high });
  // Cut at the mean, so that a narrow peak lies at the end of its intervals and is not stepped over.
  const between = (low: number, high: number): number =>
    low < mean && mean < high ? mass(low, mean) + mass(mean, high) : mass(low, high);
  const [low, high] = [Math.max(least, from), Math.min(most, to)];
  return low < high ? Math.min(1, between(low, high) / between(least, most)) : 0;
}

interface Span {
  readonly state: number;
  readonly feature: number;
  readonly low: number;
  readonly high: number;
}

function integrate(model: Hmm, { state, feature, low, high }: Span): number {
  const { dimensions, states } = model;
  const step = (high - low) / INTERVALS;
  const values = new Float64Array((INTERVALS + 1) * dimensions).fill(Number.NaN);
  for (let point = 0; point <= INTERVALS; point++) values[point * dimensions + feature] = low + point * step;
  const densities = stateLogDensities(model, { dimensions, values, missing: 'marginalise' });
  let sum = 0;
  for (let point = 0; point <= INTERVALS; point++) {
    const weight = point === 0 || point === INTERVALS ? 1 : point % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(densities[point * states + state]!);
  }
  return (sum * step) / 3;
}
