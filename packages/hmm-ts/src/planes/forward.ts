import { forward2, forward3, forward4 } from './forward-unrolled.ts';
import { factorOf, rescaled, type LatticeBlock } from './lattice.ts';

/**
 * The forward pass over a block (Rabiner 1989, equations 18 to 20), normalised every few steps only.
 * @param predicted probability of each state before the block; on return, of its next step, unnormalised.
 * @param transition row-major states × states.
 */
export type ForwardPass = (transition: Float64Array, predicted: Float64Array, block: LatticeBlock) => void;

export function forwardPass(states: number): ForwardPass {
  if (states === 2) return forward2;
  if (states === 3) return forward3;
  return states === 4 ? forward4 : forwardAny;
}

function forwardAny(transition: Float64Array, predicted: Float64Array, block: LatticeBlock): void {
  const { densities, masses, stride, factors } = block;
  const states = predicted.length;
  const own = new Float64Array(states);
  for (let step = 0; step < block.steps; step++) {
    const at = block.at + step;
    let mass = 0;
    for (let i = 0; i < states; i++) {
      const m = predicted[i]! * densities[at + i * stride]!;
      own[i] = m;
      mass += m;
    }
    if (rescaled(step)) {
      const factor = 1 / mass;
      factors[factorOf(step)] = factor;
      for (let i = 0; i < states; i++) own[i] = own[i]! * factor;
    }
    for (let j = 0; j < states; j++) {
      masses[step + j * stride] = own[j]!;
      let next = 0;
      for (let i = 0; i < states; i++) next += own[i]! * transition[i * states + j]!;
      predicted[j] = next;
    }
  }
}
