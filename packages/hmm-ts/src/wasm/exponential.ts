import { EXPONENT_MIN, LN2_HIGH, LN2_LOW } from '../planes/exponential.ts';
import type { Code, Expression, Local } from './code.ts';
import { add, addBits, both, get, most, mul, shiftLeft, sub } from './expressions.ts';

/** Adding it to a number below 2^51 leaves the nearest whole number in the lowest bits. */
const ROUNDING = 1.5 * 2 ** 52;
const MANTISSA_BITS = 52;
const DEGREE = 10;

/** Locals that an exponential works in. */
export interface ExponentialScratch {
  readonly x: Local;
  readonly scaled: Local;
}

/**
 * exp of numbers from -600 to 700, smaller ones taken for -600: exp(x) = 2^n × exp(r) with n = round(x / ln 2) and a
 * polynomial for |r| <= ln 2 / 2; the power of two is added to the exponent bits. Relative error below 4e-16.
 */
export function exponential(code: Code, value: Expression, { x, scaled }: ExponentialScratch): Expression {
  code.set(x, most(both(EXPONENT_MIN), value));
  code.set(scaled, add(mul(get(x), both(Math.LOG2E)), both(ROUNDING)));
  const whole = sub(get(scaled), both(ROUNDING));
  code.set(x, sub(sub(get(x), mul(whole, both(LN2_HIGH))), mul(whole, both(LN2_LOW))));
  const [highest, ...lower] = EXP_POLYNOMIAL.toReversed();
  const polynomial = lower.reduce<Expression>(
    (inner, coefficient) => add(mul(inner, get(x)), both(coefficient)),
    both(highest!),
  );
  return addBits(polynomial, shiftLeft(get(scaled), MANTISSA_BITS));
}

/** exp on [-ln 2 / 2, ln 2 / 2] by the polynomial through the Chebyshev nodes (Trefethen 2013, chapter 2), lowest power first. */
const EXP_POLYNOMIAL = interpolated(Math.exp, Math.LN2 / 2, DEGREE);

function interpolated(f: (x: number) => number, half: number, degree: number): number[] {
  const nodes = Array.from(
    { length: degree + 1 },
    (_, k) => half * Math.cos(((k + 0.5) * Math.PI) / (degree + 1)),
  );
  const differences = nodes.map(f);
  for (let order = 1; order <= degree; order++)
    for (let k = degree; k >= order; k--)
      differences[k] = (differences[k]! - differences[k - 1]!) / (nodes[k]! - nodes[k - order]!);
  let powers = [differences[degree]!];
  for (let k = degree - 1; k >= 0; k--) {
    const shifted = [0, ...powers];
    powers = shifted.map((value, power) => value - nodes[k]! * (powers[power] ?? 0));
    powers[0] = powers[0]! + differences[k]!;
  }
  return powers;
}
