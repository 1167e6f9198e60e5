/** A chain of states: row-major `states × states` probabilities of the next state given the last. */
interface Chain {
  readonly states: number;
  readonly transition: ArrayLike<number>;
}

/**
 * Bars after which a chain, without a single observation, tells the state that it was in from no other any more: until
 * Dobrushin's coefficient of the power of its transition matrix, half the greatest distance of two rows, is below `share`.
 * Undefined where that takes more than `barsMax` bars, such as forever.
 */
export function barsToMix(
  chain: Chain,
  { share, barsMax }: { readonly share: number; readonly barsMax: number },
): number | undefined {
  let power = Float64Array.from(chain.transition);
  for (let bars = 1; bars <= barsMax; bars++) {
    if (greatestDistance(power, chain.states) / 2 < share) return bars;
    power = times(power, chain);
  }
  return undefined;
}

function greatestDistance(power: Float64Array, states: number): number {
  let greatest = 0;
  for (let a = 0; a < states; a++)
    for (let b = 0; b < a; b++) {
      let distance = 0;
      for (let k = 0; k < states; k++) distance += Math.abs(power[a * states + k]! - power[b * states + k]!);
      greatest = Math.max(greatest, distance);
    }
  return greatest;
}

function times(power: Float64Array, { states, transition }: Chain): Float64Array<ArrayBuffer> {
  const product = new Float64Array(states * states);
  for (let i = 0; i < states; i++)
    for (let k = 0; k < states; k++)
      for (let j = 0; j < states; j++)
        product[i * states + j]! += power[i * states + k]! * transition[k * states + j]!;
  return product;
}
