import { BLOCK_STEPS } from '../forward.ts';
import type { MarkovChain } from '../markov-chain.ts';
import { RESCALE_STEPS } from './forward-kernel.ts';
import { densityBytes, LIKELIHOOD_PAIRS } from './layout.ts';
import { laneOf, pairsAt, setLanes, type LaneRows } from './lane-rows.ts';

/** Rows from which the second half's beginning is first guessed: a filter forgets what came before. */
export const WARM_UP_STEPS = 256;
/** Every share of a guess that is nearer to what the other half ends with changes nothing that can be seen. */
const GUESS_TOLERANCE = 1e-11;
/** Passes until what was guessed is what was found; the second one starts from the truth. */
export const PASSES_MAX = 2;
/** A mass below it has lost digits: such a sequence is computed step by step in plain code. */
const MASS_MIN = 1e-150;
/**
 * Largest log density over the first state's: over the steps between two normalisations such masses neither overflow nor
 * make up for others that fell below the least exponent.
 */
const TOP_MAX = 80;
const EXPONENT_BIAS = 1_023;

/**
 * The forward pass over both halves of a sequence.
 * @param predicted probability of each state before the first row.
 * @returns the log-likelihood; undefined where masses became too small.
 */
export function forwardLanes(
  rows: LaneRows,
  chain: MarkovChain,
  predicted: Float64Array,
): number | undefined {
  let guess = warmUp(rows, chain);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const carry = pairsAt(rows.kernel, rows.kernel.layout.carry, chain.states);
    setLanes(carry, predicted, guess);
    rows.start.set(carry);
    const logLikelihood = run(rows);
    if (logLikelihood === undefined) return undefined;
    const found = normalised(laneOf(carry, 0));
    if (isGuessed(found, guess)) return logLikelihood;
    guess = found;
  }
  return undefined;
}

/**
 * Whether a guess is as good as what was found: each of its numbers by itself, however small, as a state that is rare here may
 * be the one that explains what follows. The steps of a chain do not make such a ratio worse (the projective distance of Birkhoff;
 * Seneta, "Non-negative Matrices and Markov Chains", 1981, section 3.1).
 */
export const isGuessed = (found: Float64Array, guess: Float64Array): boolean =>
  found.every((value, state) => Math.abs(value - guess[state]!) <= GUESS_TOLERANCE * value);

/** What the last rows of the first half say about the row after them, whatever came before. */
function warmUp(rows: LaneRows, { states }: MarkovChain): Float64Array {
  const { kernel, steps, valuesAt, valueBytes, densitiesAt } = rows;
  const even = new Float64Array(states).fill(1 / states);
  const carry = pairsAt(kernel, kernel.layout.carry, states);
  setLanes(carry, even, even);
  const count = Math.min(WARM_UP_STEPS, steps);
  kernel.forward(valuesAt + (steps - count) * valueBytes, densitiesAt, count);
  const guess = normalised(laneOf(carry, 0));
  return guess.every(Number.isFinite) ? guess : even;
}

function run({
  kernel,
  shape,
  steps,
  valuesAt,
  valueBytes,
  densitiesAt,
  ends,
}: LaneRows): number | undefined {
  const { layout, memory } = kernel;
  const likelihood = pairsAt(kernel, layout.likelihood, LIKELIHOOD_PAIRS);
  likelihood.set([0, 0, 1, 1, 0, 0, 1, 1, -Infinity, -Infinity]);
  let normalisations = 0;
  for (let step = 0; step < steps; step += BLOCK_STEPS) {
    const count = Math.min(BLOCK_STEPS, steps - step);
    kernel.forward(valuesAt + step * valueBytes, densitiesAt + step * densityBytes(shape), count);
    ends.set(pairsAt(kernel, layout.end, shape.states), (step / BLOCK_STEPS) * 2 * shape.states);
    if (!(likelihood[8]! <= TOP_MAX && likelihood[9]! <= TOP_MAX)) return undefined;
    normalisations += Math.floor(count / RESCALE_STEPS);
  }
  const exponents = new BigInt64Array(memory.buffer, layout.likelihood + 2 * 16, 2);
  const carry = pairsAt(kernel, layout.carry, shape.states);
  let total = 0;
  for (const lane of [0, 1] as const) {
    const left = laneOf(carry, lane).reduce((sum, mass) => sum + mass, 0);
    if (!(left >= MASS_MIN && likelihood[6 + lane]! >= MASS_MIN)) return undefined;
    const powers = Number(exponents[lane]!) - EXPONENT_BIAS * normalisations;
    total += likelihood[lane]! + Math.log(likelihood[2 + lane]!) + Math.LN2 * powers + Math.log(left);
  }
  return Number.isFinite(total) ? total : undefined;
}

function normalised(masses: Float64Array): Float64Array {
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  return masses.map((mass) => mass / total);
}
