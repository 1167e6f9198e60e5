import type { MarkovChain } from './markov-chain.ts';

/** The distribution of the states so many steps on, by repeated squaring of the transitions. */
export function predictAhead(
  { states, transition }: MarkovChain,
  distribution: Float64Array,
  steps: number,
): Float64Array {
  let ahead: Float64Array = distribution.slice();
  let power = transition;
  for (let left = steps; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) ahead = product(ahead, power, states);
    if (left > 1) power = product(power, power, states);
  }
  return ahead;
}

/** Of row-major matrices, `left` with any number of rows. Rows stay distributions, however often it is repeated. */
function product(left: Float64Array, right: Float64Array, states: number): Float64Array {
  const result = new Float64Array(left.length);
  for (let row = 0; row < left.length; row += states) {
    let total = 0;
    for (let j = 0; j < states; j++) {
      let mass = 0;
      for (let i = 0; i < states; i++) mass += left[row + i]! * right[i * states + j]!;
      result[row + j] = mass;
      total += mass;
    }
    for (let j = 0; j < states; j++) result[row + j] = result[row + j]! / total;
  }
  return result;
}
