import { Code, type Expression, type Local } from './code.ts';
import { exponential } from './exponential.ts';
import {
  add,
  addBits,
  andBits,
  both,
  bothBits,
  div,
  get,
  least,
  load,
  most,
  mul,
  orBits,
  origin,
  plus,
  shiftRight,
  sub,
  sumOf,
} from './expressions.ts';
import {
  densityBytes,
  densityOffset,
  firstKept,
  PAIR_BYTES,
  rowLength,
  type KernelShape,
  type Layout,
} from './layout.ts';

/** Steps between two normalisations: the mass of a chain that explains its rows stays far from zero meanwhile. */
export const RESCALE_STEPS = 4;
const MANTISSA_BITS = 52;
const MANTISSA = 0x000f_ffff_ffff_ffffn;
const EXPONENT_OF_ONE = 0x3ff0_0000_0000_0000n;

/**
 * The forward pass over a block of steps of two chunks of a sequence at once. Parameters: address of the block's first row
 * of values, of its first row of densities, and steps. The densities of a step are divided by that of the anchor, whose
 * logarithms add up in the memory, as do the masses' whenever they are normalised. Where the first state is the anchor, that
 * is an exponential less a step, and as its density is always one then, only those of the others are kept.
 */
export function forwardKernel(shape: KernelShape, layout: Layout): Code {
  const { states, dimensions } = shape;
  const code = new Code(3);
  const [row, densities, left] = [{ index: 0 }, { index: 1 }, { index: 2 }];
  const predicted = code.pairs(states);
  const likelihood = code.pairs(5);
  const [shifts, product, exponents, leastMass, top] = likelihood as [Local, Local, Local, Local, Local];
  const values = code.pairs(dimensions);
  const masses = code.pairs(states);
  const [reference, mass] = [code.pair(), code.pair()];
  const scratch = { x: code.pair(), scaled: code.pair() };

  restore(code, predicted, layout.carry);
  restore(code, likelihood, layout.likelihood);
  code.countDown(left, () => {
    for (const [d, value] of values.entries()) code.set(value, load(get(row), d * PAIR_BYTES));
    for (const [state, own] of masses.entries())
      code.set(own, logDensity(code, { shape, layout, state, values, distance: mass }));
    code.set(reference, get(masses[0]!));
    if (shape.anchor === 'largest')
      for (const own of masses.slice(1)) code.set(reference, most(get(reference), get(own)));
    else code.set(masses[0]!, get(predicted[0]!));
    code.set(shifts, add(get(shifts), get(reference)));
    for (let state = firstKept(shape); state < states; state++) {
      const own = masses[state]!;
      code.set(own, sub(get(own), get(reference)));
      if (shape.anchor === 'first') code.set(top, most(get(top), get(own)));
      code.set(own, exponential(code, get(own), scratch));
      code.store(get(densities), densityOffset(shape, state), get(own));
      code.set(own, mul(get(own), get(predicted[state]!)));
    }
    code.whereMultiple(left, RESCALE_STEPS, () => {
      code.set(mass, sumOf(masses.map(get)));
      code.set(leastMass, least(get(leastMass), get(mass)));
      code.set(product, mul(get(product), get(mass)));
      code.set(exponents, addBits(get(exponents), shiftRight(get(product), MANTISSA_BITS)));
      code.set(product, orBits(andBits(get(product), bothBits(MANTISSA)), bothBits(EXPONENT_OF_ONE)));
      code.set(mass, div(both(1), get(mass)));
      for (const own of masses) code.set(own, mul(get(own), get(mass)));
    });
    for (const [to, next] of predicted.entries())
      code.set(next, sumOf(masses.map((from, i) => mul(get(from), transition(layout, i * states + to)))));
    code.set(row, plus(row, dimensions * PAIR_BYTES));
    code.set(densities, plus(densities, densityBytes(shape)));
  });
  keep(code, predicted, layout.carry);
  keep(code, masses, layout.end);
  keep(code, likelihood, layout.likelihood);
  return code;
}

interface Density {
  readonly shape: KernelShape;
  readonly layout: Layout;
  readonly state: number;
  readonly values: readonly Local[];
  /** Scratch. */
  readonly distance: Local;
}

/** constant − Σ (whitening × values − offset)². */
function logDensity(code: Code, { shape, layout, state, values, distance }: Density): Expression {
  const perState = layout.emissionPairs / shape.states;
  let at = layout.emissions + state * perState * PAIR_BYTES;
  const next = () => {
    at += PAIR_BYTES;
    return load(origin, at - PAIR_BYTES);
  };
  code.set(distance, next());
  const whitened = { index: code.pair().index };
  for (let a = 0; a < shape.dimensions; a++) {
    const length = rowLength(shape, a);
    const terms = Array.from({ length }, (_, b) => mul(get(values[a - length + 1 + b]!), next()));
    code.set(whitened, sub(sumOf(terms), next()));
    code.set(distance, sub(get(distance), mul(get(whitened), get(whitened))));
  }
  return get(distance);
}

/** An entry of the transition matrix in both lanes. */
export const transition = (layout: Layout, entry: number): Expression =>
  load(origin, layout.transition + entry * PAIR_BYTES);

/** Locals from consecutive places of the memory. */
export function restore(code: Code, locals: readonly Local[], from: number): void {
  for (const [index, local] of locals.entries()) code.set(local, load(origin, from + index * PAIR_BYTES));
}

/** Locals into consecutive places of the memory. */
export function keep(code: Code, locals: readonly Local[], to: number): void {
  for (const [index, local] of locals.entries()) code.store(origin, to + index * PAIR_BYTES, get(local));
}
