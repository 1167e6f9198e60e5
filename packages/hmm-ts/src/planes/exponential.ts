import type { Plane } from './planes.ts';

/** What is smaller counts as this: 2.6e-261, small beside any density that matters and far from denormal numbers. */
export const EXPONENT_MIN = -600;
/** ln 2 in two parts: the first has 32 significant bits, so that its product with a whole number is exact. */
export const LN2_HIGH = 0.693_147_180_369_123_8;
export const LN2_LOW = 1.908_214_929_270_587_7e-10;
const PART_BITS = 8;
const PARTS = 2 ** PART_BITS;
const PART_MASK = PARTS - 1;
const PART_HIGH = LN2_HIGH / PARTS;
const PART_LOW = LN2_LOW / PARTS;
const PARTS_PER_NAT = PARTS / Math.LN2;
/** Makes every power positive, so that cutting a fraction off rounds down. */
const POWER_OFFSET = 1_000;
const ROUNDING = POWER_OFFSET * PARTS + 0.5;
const POWERS_OF_TWO = Float64Array.from({ length: 1_100 }, (_, index) => 2 ** (index - POWER_OFFSET));
const ROOTS_OF_TWO = Float64Array.from({ length: PARTS }, (_, part) => 2 ** (part / PARTS));

/**
 * Writes exp(exponent − shift) of a plane of exponents and one of shifts, which begins at `shift` in the same numbers:
 * exp(x) = 2^(n / 256) × exp(r), with n the nearest whole number, the first factor from two tables and the second by its
 * series. Differences below -600 are taken for -600. Relative error below 4e-16.
 * @returns whether no difference was above `top`, which is at most 60; if one was, the plane is left unfinished.
 */
export function exponentials(
  { numbers, at, shift }: Plane & { readonly shift: number },
  to: Plane,
  steps: number,
  top: number,
): boolean {
  const into = to.numbers;
  const start = to.at;
  for (let step = 0; step < steps; step++) {
    let x = numbers[at + step]! - numbers[shift + step]!;
    if (!(x <= top)) return false;
    if (x < EXPONENT_MIN) x = EXPONENT_MIN;
    const n = (x * PARTS_PER_NAT + ROUNDING) | 0;
    const whole = n - POWER_OFFSET * PARTS;
    const r = x - whole * PART_HIGH - whole * PART_LOW;
    const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24))));
    into[start + step] = ROOTS_OF_TWO[n & PART_MASK]! * POWERS_OF_TWO[n >> PART_BITS]! * series;
  }
  return true;
}
