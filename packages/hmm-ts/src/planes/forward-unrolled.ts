import { factorOf, rescaled, type LatticeBlock } from './lattice.ts';

// As ForwardPass, with every number of the recursion in a variable of its own, which for few states the processor can hold.

export function forward2(transition: Float64Array, predicted: Float64Array, block: LatticeBlock): void {
  const { densities, masses, stride, factors } = block;
  const t00 = transition[0]!;
  const t01 = transition[1]!;
  const t10 = transition[2]!;
  const t11 = transition[3]!;
  let p0 = predicted[0]!;
  let p1 = predicted[1]!;
  let at = block.at;
  for (let step = 0; step < block.steps; step++, at++) {
    let m0 = p0 * densities[at]!;
    let m1 = p1 * densities[at + stride]!;
    if (rescaled(step)) {
      const factor = 1 / (m0 + m1);
      factors[factorOf(step)] = factor;
      m0 *= factor;
      m1 *= factor;
    }
    masses[step] = m0;
    masses[step + stride] = m1;
    p0 = m0 * t00 + m1 * t10;
    p1 = m0 * t01 + m1 * t11;
  }
  predicted[0] = p0;
  predicted[1] = p1;
}

export function forward3(transition: Float64Array, predicted: Float64Array, block: LatticeBlock): void {
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
  let p0 = predicted[0]!;
  let p1 = predicted[1]!;
  let p2 = predicted[2]!;
  let at = block.at;
  for (let step = 0; step < block.steps; step++, at++) {
    let m0 = p0 * densities[at]!;
    let m1 = p1 * densities[at + stride]!;
    let m2 = p2 * densities[at + 2 * stride]!;
    if (rescaled(step)) {
      const factor = 1 / (m0 + m1 + m2);
      factors[factorOf(step)] = factor;
      m0 *= factor;
      m1 *= factor;
      m2 *= factor;
    }
    masses[step] = m0;
    masses[step + stride] = m1;
    masses[step + 2 * stride] = m2;
    p0 = m0 * t00 + m1 * t10 + m2 * t20;
    p1 = m0 * t01 + m1 * t11 + m2 * t21;
    p2 = m0 * t02 + m1 * t12 + m2 * t22;
  }
  predicted[0] = p0;
  predicted[1] = p1;
  predicted[2] = p2;
}

export function forward4(transition: Float64Array, predicted: Float64Array, block: LatticeBlock): void {
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
  let p0 = predicted[0]!;
  let p1 = predicted[1]!;
  let p2 = predicted[2]!;
  let p3 = predicted[3]!;
  let at = block.at;
  for (let step = 0; step < block.steps; step++, at++) {
    let m0 = p0 * densities[at]!;
    let m1 = p1 * densities[at + stride]!;
    let m2 = p2 * densities[at + 2 * stride]!;
    let m3 = p3 * densities[at + 3 * stride]!;
    if (rescaled(step)) {
      const factor = 1 / (m0 + m1 + m2 + m3);
      factors[factorOf(step)] = factor;
      m0 *= factor;
      m1 *= factor;
      m2 *= factor;
      m3 *= factor;
    }
    masses[step] = m0;
    masses[step + stride] = m1;
    masses[step + 2 * stride] = m2;
    masses[step + 3 * stride] = m3;
    p0 = m0 * t00 + m1 * t10 + m2 * t20 + m3 * t30;
    p1 = m0 * t01 + m1 * t11 + m2 * t21 + m3 * t31;
    p2 = m0 * t02 + m1 * t12 + m2 * t22 + m3 * t32;
    p3 = m0 * t03 + m1 * t13 + m2 * t23 + m3 * t33;
  }
  predicted[0] = p0;
  predicted[1] = p1;
  predicted[2] = p2;
  predicted[3] = p3;
}
