import { Code, type Local } from './code.ts';
import { add, both, div, get, load, mul, plus, sumOf } from './expressions.ts';
import { keep, RESCALE_STEPS, restore, transition } from './forward-kernel.ts';
import {
  densityBytes,
  densityOffset,
  firstKept,
  PAIR_BYTES,
  type KernelShape,
  type Layout,
} from './layout.ts';

/**
 * The backward pass and the expected statistics over a block of steps of two chunks, from a later step to earlier ones.
 * Parameters: address of the block's last row of values, of densities and of masses, and steps; the masses of the row
 * before the block must be before its own. Each step is normalised by its own mass, so neither pass needs the scale of the other.
 */
export function backwardKernel(shape: KernelShape, layout: Layout): Code {
  const { states, dimensions } = shape;
  const code = new Code(4);
  const [row, densities, masses, left] = [{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }];
  const beta = code.pairs(states);
  const normaliser = code.pair();
  const statistics = code.pairs(layout.statisticPairs);
  const values = code.pairs(dimensions);
  const weighted = code.pairs(states);
  const before = code.pairs(states);
  const weight = code.pair();
  const part = code.pair();

  restore(code, beta, layout.carry);
  restore(code, [normaliser], layout.normaliser);
  restore(code, statistics, layout.statistics);
  const increase = (total: Local, by: Local, times?: Local) =>
    code.set(total, add(get(total), times ? mul(get(by), get(times)) : get(by)));
  code.countDown(left, () => {
    for (const [d, value] of values.entries()) code.set(value, load(get(row), d * PAIR_BYTES));
    let at = states * states;
    for (let state = 0; state < states; state++) {
      const back = get(beta[state]!);
      code.set(
        weighted[state]!,
        state < firstKept(shape) ? back : mul(load(get(densities), densityOffset(shape, state)), back),
      );
      code.set(weight, mul(mul(load(get(masses), state * PAIR_BYTES), get(beta[state]!)), get(normaliser)));
      increase(statistics[at++]!, weight);
      const sums = statistics.slice(at, at + dimensions);
      at += dimensions;
      for (const [d, sum] of sums.entries()) {
        code.set(part, mul(get(weight), get(values[d]!)));
        increase(sum, part);
        const first = shape.covariance === 'diagonal' ? d : 0;
        for (let e = first; e <= d; e++) increase(statistics[at++]!, part, values[e]);
      }
    }
    code.set(densities, plus(densities, -densityBytes(shape)));
    code.set(masses, plus(masses, -states * PAIR_BYTES));
    for (let from = 0; from < states; from++) {
      const terms = weighted.map((to, j) => mul(get(to), transition(layout, from * states + j)));
      code.set(beta[from]!, sumOf(terms));
      code.set(before[from]!, load(get(masses), from * PAIR_BYTES));
    }
    code.set(normaliser, div(both(1), sumOf(beta.map((back, i) => mul(get(back), get(before[i]!))))));
    for (let from = 0; from < states; from++) {
      code.set(part, mul(get(before[from]!), get(normaliser)));
      for (let to = 0; to < states; to++) increase(statistics[from * states + to]!, part, weighted[to]);
    }
    code.whereMultiple(left, RESCALE_STEPS, () => {
      for (const own of beta) code.set(own, mul(get(own), get(normaliser)));
      code.set(normaliser, both(1));
    });
    code.set(row, plus(row, -dimensions * PAIR_BYTES));
  });
  keep(code, beta, layout.carry);
  keep(code, [normaliser], layout.normaliser);
  keep(code, statistics, layout.statistics);
  return code;
}
