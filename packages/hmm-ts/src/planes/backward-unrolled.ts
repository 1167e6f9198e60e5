import { factorOf, rescaled, type LatticeBlock } from './lattice.ts';

// As BackwardPass, with every number of the recursion in a variable of its own, which for few states the processor can hold.

export function backward2(
  transition: Float64Array,
  beta: Float64Array,
  block: LatticeBlock,
  smoothed: Float64Array,
): void {
  const { densities, masses, stride, factors } = block;
  const t00 = transition[0]!;
  const t01 = transition[1]!;
  const t10 = transition[2]!;
  const t11 = transition[3]!;
  let b0 = beta[0]!;
  let b1 = beta[1]!;
  let at = block.at + block.steps - 1;
  for (let step = block.steps - 1; step >= 0; step--, at--) {
    smoothed[step] = masses[step]! * b0;
    smoothed[step + stride] = masses[step + stride]! * b1;
    let w0 = densities[at]! * b0;
    let w1 = densities[at + stride]! * b1;
    if (rescaled(step)) {
      const factor = factors[factorOf(step)]!;
      w0 *= factor;
      w1 *= factor;
    }
    densities[at] = w0;
    densities[at + stride] = w1;
    b0 = t00 * w0 + t01 * w1;
    b1 = t10 * w0 + t11 * w1;
  }
  beta[0] = b0;
  beta[1] = b1;
}

export function backward3(
  transition: Float64Array,
  beta: Float64Array,
  block: LatticeBlock,
  smoothed: Float64Array,
): void {
  const { densities, masses, stride, factors } = block;
  const t00 = transition[0]!;
  const t01 = transition[1]!;
  const t02 = transition[2]!;
  const t10 = transition[3]!;
  const t11 = transition[4]!;
  const t12 = transition[5]!;
  const t20 = transition[6]!;
  const t21 = transition[7]!;
  const t22 = transition[8]!;
  let b0 = beta[0]!;
  let b1 = beta[1]!;
  let b2 = beta[2]!;
  let at = block.at + block.steps - 1;
  for (let step = block.steps - 1; step >= 0; step--, at--) {
    smoothed[step] = masses[step]! * b0;
    smoothed[step + stride] = masses[step + stride]! * b1;
    smoothed[step + 2 * stride] = masses[step + 2 * stride]! * b2;
    let w0 = densities[at]! * b0;
    let w1 = densities[at + stride]! * b1;
    let w2 = densities[at + 2 * stride]! * b2;
    if (rescaled(step)) {
      const factor = factors[factorOf(step)]!;
      w0 *= factor;
      w1 *= factor;
      w2 *= factor;
    }
    densities[at] = w0;
    densities[at + stride] = w1;
    densities[at + 2 * stride] = w2;
    b0 = t00 * w0 + t01 * w1 + t02 * w2;
    b1 = t10 * w0 + t11 * w1 + t12 * w2;
    b2 = t20 * w0 + t21 * w1 + t22 * w2;
  }
  beta[0] = b0;
  beta[1] = b1;
  beta[2] = b2;
}

export function backward4(
  transition: Float64Array,
  beta: Float64Array,
  block: LatticeBlock,
  smoothed: Float64Array,
): void {
  const { densities, masses, stride, factors } = block;
  const t00 = transition[0]!;
  const t01 = transition[1]!;
  const t02 = transition[2]!;
  const t03 = transition[3]!;
  const t10 = transition[4]!;
  const t11 = transition[5]!;
  const t12 = transition[6]!;
  const t13 = transition[7]!;
  const t20 = transition[8]!;
  const t21 = transition[9]!;
  const t22 = transition[10]!;
  const t23 = transition[11]!;
  const t30 = transition[12]!;
  const t31 = transition[13]!;
  const t32 = transition[14]!;
  const t33 = transition[15]!;
  let b0 = beta[0]!;
  let b1 = beta[1]!;
  let b2 = beta[2]!;
  let b3 = beta[3]!;
  let at = block.at + block.steps - 1;
  for (let step = block.steps - 1; step >= 0; step--, at--) {
    smoothed[step] = masses[step]! * b0;
    smoothed[step + stride] = masses[step + stride]! * b1;
    smoothed[step + 2 * stride] = masses[step + 2 * stride]! * b2;
    smoothed[step + 3 * stride] = masses[step + 3 * stride]! * b3;
    let w0 = densities[at]! * b0;
    let w1 = densities[at + stride]! * b1;
    let w2 = densities[at + 2 * stride]! * b2;
    let w3 = densities[at + 3 * stride]! * b3;
    if (rescaled(step)) {
      const factor = factors[factorOf(step)]!;
      w0 *= factor;
      w1 *= factor;
      w2 *= factor;
      w3 *= factor;
    }
    densities[at] = w0;
    densities[at + stride] = w1;
    densities[at + 2 * stride] = w2;
    densities[at + 3 * stride] = w3;
    b0 = t00 * w0 + t01 * w1 + t02 * w2 + t03 * w3;
    b1 = t10 * w0 + t11 * w1 + t12 * w2 + t13 * w3;
    b2 = t20 * w0 + t21 * w1 + t22 * w2 + t23 * w3;
    b3 = t30 * w0 + t31 * w1 + t32 * w2 + t33 * w3;
  }
  beta[0] = b0;
  beta[1] = b1;
  beta[2] = b2;
  beta[3] = b3;
}
