import { Code } from './code.ts';
import { both, div, get, load, mul, plus, sumOf } from './expressions.ts';
import { RESCALE_STEPS, transition } from './forward-kernel.ts';
import {
  densityBytes,
  densityOffset,
  firstKept,
  PAIR_BYTES,
  type KernelShape,
  type Layout,
} from './layout.ts';

/**
 * The forward pass over a block again, from the densities that it left: to compute the masses of a block twice takes less
 * time and memory than to keep those of all rows. Parameters: address of the masses of the row before, behind which those
 * of the block are written; address of the block's first row of densities; and steps.
 */
export function massesKernel(shape: KernelShape, layout: Layout): Code {
  const { states } = shape;
  const code = new Code(3);
  const [row, densities, left] = [{ index: 0 }, { index: 1 }, { index: 2 }];
  const before = code.pairs(states);
  const masses = code.pairs(states);
  const factor = code.pair();
  for (const [state, mass] of before.entries()) code.set(mass, load(get(row), state * PAIR_BYTES));
  code.countDown(left, () => {
    code.set(row, plus(row, states * PAIR_BYTES));
    for (const [to, mass] of masses.entries()) {
      const terms = before.map((from, i) => mul(get(from), transition(layout, i * states + to)));
      const predicted = sumOf(terms);
      code.set(
        mass,
        to < firstKept(shape) ? predicted : mul(predicted, load(get(densities), densityOffset(shape, to))),
      );
    }
    code.whereMultiple(left, RESCALE_STEPS, () => {
      code.set(factor, div(both(1), sumOf(masses.map(get))));
      for (const mass of masses) code.set(mass, mul(get(mass), get(factor)));
    });
    for (const [state, mass] of masses.entries()) {
      code.store(get(row), state * PAIR_BYTES, get(mass));
      code.set(before[state]!, get(mass));
    }
    code.set(densities, plus(densities, densityBytes(shape)));
  });
  return code;
}
