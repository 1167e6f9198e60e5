import { backward2, backward3, backward4 } from './backward-unrolled.ts';
import { factorOf, rescaled, type LatticeBlock } from './lattice.ts';

/**
 * The backward pass over a block (Rabiner 1989, equations 24 to 27), from its last step to its first, with the factors of
 * the forward pass. In place of the densities it leaves density × factor × backward variable.
 * @param beta the backward variable of the block's last step; on return, of the step before the block.
 * @param smoothed receives the smoothed probabilities, in planes as the block's that begin at zero.
 */
export type BackwardPass = (
  transition: Float64Array,
  beta: Float64Array,
  block: LatticeBlock,
  smoothed: Float64Array,
) => void;

export function backwardPass(states: number): BackwardPass {
  if (states === 2) return backward2;
  if (states === 3) return backward3;
  return states === 4 ? backward4 : backwardAny;
}

function backwardAny(
  transition: Float64Array,
  beta: Float64Array,
  block: LatticeBlock,
  smoothed: Float64Array,
): void {
  const { densities, masses, stride, factors } = block;
  const states = beta.length;
  const weighted = new Float64Array(states);
  for (let step = block.steps - 1; step >= 0; step--) {
    const at = block.at + step;
    const factor = rescaled(step) ? factors[factorOf(step)]! : 1;
    for (let i = 0; i < states; i++) {
      const b = beta[i]!;
      smoothed[step + i * stride] = masses[step + i * stride]! * b;
      const w = densities[at + i * stride]! * b * factor;
      weighted[i] = w;
      densities[at + i * stride] = w;
    }
    for (let i = 0; i < states; i++) {
      let back = 0;
      for (let j = 0; j < states; j++) back += transition[i * states + j]! * weighted[j]!;
      beta[i] = back;
    }
  }
}
