import { checkCount, checkNumbers } from '../check-numbers.ts';
import type { Block } from '../forward.ts';
import { HmmError } from '../hmm-error.ts';
import { checkDistribution } from '../markov-chain.ts';
import { identityScaling } from '../scaling.ts';
import type { SufficientStatistics } from '../statistics.ts';
import { SYMBOLS_MAX, type CategoricalHmm, type CategoricalSize } from './categorical-hmm.ts';
import { drawIndex } from './draw.ts';
import { OCCUPANCY_MIN, type EmissionFamily, type Emissions, type Moments } from './emission-family.ts';
import { flooredShares } from './floored-shares.ts';

/** Least probability of a symbol, so that one that a state has not made yet is unlikely and not impossible. */
const PROBABILITY_FLOOR = 1e-6;

export const categoricalFamily: EmissionFamily<CategoricalHmm, CategoricalSize> = {
  scaled: false,
  sizeOf: ({ family, states, dimensions, symbols }) => ({
    family,
    states,
    dimensions,
    symbols: [...symbols],
  }),
  freeParameters: ({ states, symbols }) => states * symbols.reduce((sum, count) => sum + count - 1, 0),
  statisticWidths: ({ symbols }) => ({ weights: 0, sums: total(symbols), products: 0 }),
  check,
  checkValues,
  pooled({ states, symbols, ...size }, chain) {
    const own = symbols.flatMap((count) => Array.from({ length: count }, () => 1 / count));
    const probabilities = Float64Array.from(
      { length: states * own.length },
      (_, at) => own[at % own.length]!,
    );
    return { ...size, states, symbols, ...chain, scaling: identityScaling(symbols.length), probabilities };
  },
  prepare,
  maximise,
  rescale: (model) => model,
  mapStates: (model, change) => ({ ...model, probabilities: change(model.probabilities) }),
  moments,
  sample(model, state, random, row) {
    forEachFeature(model, (d, first, end) => {
      const own = state * total(model.symbols);
      row[d] = drawIndex(model.probabilities, own + first, own + end, random);
    });
  },
};

function total(symbols: readonly number[]): number {
  return symbols.reduce((sum, count) => sum + count, 0);
}

/** Where the symbols of each feature lie among those of a state. */
function forEachFeature(
  { symbols }: CategoricalSize,
  visit: (feature: number, first: number, end: number) => void,
): void {
  let first = 0;
  for (const [feature, count] of symbols.entries()) {
    visit(feature, first, first + count);
    first += count;
  }
}

function check(model: CategoricalHmm): void {
  const { states, dimensions, symbols, scaling, probabilities } = model;
  if (symbols.length !== dimensions)
    throw new HmmError('bad_model', `symbols must hold ${dimensions} counts, not ${symbols.length}`);
  for (const count of symbols) {
    checkCount(count, 'symbols');
    if (count > SYMBOLS_MAX) throw new HmmError('bad_model', `symbols must be at most ${SYMBOLS_MAX}`);
  }
  if (!scaling.offsets.every((offset) => offset === 0) || !scaling.scales.every((scale) => scale === 1))
    throw new HmmError('bad_model', 'scaling of symbols must be offset 0 and scale 1');
  const width = total(symbols);
  checkNumbers(probabilities, states * width, 'probabilities');
  for (let state = 0; state < states; state++)
    forEachFeature(model, (d, first, end) =>
      checkDistribution(
        probabilities.subarray(state * width + first, state * width + end),
        `probabilities of state ${state}, feature ${d}`,
      ),
    );
}

function checkValues({ symbols }: CategoricalSize, values: Float64Array): void {
  const dimensions = symbols.length;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    const count = symbols[at % dimensions]!;
    if (Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value < count)) continue;
    throw new HmmError(
      'unknown_symbol',
      `row ${Math.floor(at / dimensions)}, feature ${at % dimensions} is ${value}; ` +
        `it must be a whole number from 0 to ${count - 1}`,
    );
  }
}

function prepare({ states, dimensions, symbols, probabilities }: CategoricalHmm): Emissions {
  const width = total(symbols);
  const logs = probabilities.map(Math.log);
  const firsts = Int32Array.from(symbols, (_, d) => total(symbols.slice(0, d)));
  const logDensities = (values: Float64Array, target: Float64Array, { from, to }: Block) => {
    for (let step = from; step < to; step++)
      for (let state = 0; state < states; state++) {
        let density = 0;
        for (let d = 0; d < dimensions; d++) {
          const symbol = values[step * dimensions + d]!;
          if (!Number.isNaN(symbol)) density += logs[state * width + firsts[d]! + symbol]!;
        }
        target[step * states + state] = density;
      }
  };
  const accumulate = (
    { occupancy, sums }: SufficientStatistics,
    values: Float64Array,
    smoothed: Float64Array,
    { from, to }: Block,
  ) => {
    for (let step = from; step < to; step++)
      for (let state = 0; state < states; state++) {
        const weight = smoothed[step * states + state]!;
        occupancy[state] = occupancy[state]! + weight;
        for (let d = 0; d < dimensions; d++) {
          const symbol = values[step * dimensions + d]!;
          if (Number.isNaN(symbol)) continue;
          const at = state * width + firsts[d]! + symbol;
          sums[at] = sums[at]! + weight;
        }
      }
  };
  return { logDensities, accumulate };
}

/** The M step: the share of each symbol among the known ones of its feature. */
function maximise(model: CategoricalHmm, { sums }: SufficientStatistics): CategoricalHmm {
  const probabilities = model.probabilities.slice();
  const width = total(model.symbols);
  for (let state = 0; state < model.states; state++)
    forEachFeature(model, (_, first, end) => {
      const own = probabilities.subarray(state * width + first, state * width + end);
      const counts = sums.subarray(state * width + first, state * width + end);
      const known = counts.reduce((sum, count) => sum + count, 0);
      if (known >= OCCUPANCY_MIN) own.set(flooredShares(counts, PROBABILITY_FLOOR, own));
    });
  return { ...model, probabilities };
}

/** Of the symbols as numbers: what there is to order states by. */
function moments(model: CategoricalHmm): Moments {
  const { states, dimensions, symbols, probabilities } = model;
  const means = new Float64Array(states * dimensions);
  const variances = new Float64Array(states * dimensions);
  for (let state = 0; state < states; state++)
    forEachFeature(model, (d, first, end) => {
      const own = probabilities.subarray(state * total(symbols) + first, state * total(symbols) + end);
      const mean = own.reduce((sum, probability, symbol) => sum + probability * symbol, 0);
      means[state * dimensions + d] = mean;
      variances[state * dimensions + d] = own.reduce(
        (sum, probability, symbol) => sum + probability * (symbol - mean) ** 2,
        0,
      );
    });
  return { means, variances };
}
