/** How digits that are left out change those that are kept: always away from zero, never, or to the nearest and even one. */
export const ROUND_UP = 0;
export const ROUND_DOWN = 1;
export const ROUND_HALF_EVEN = 2;
export type Rounding = typeof ROUND_UP | typeof ROUND_DOWN | typeof ROUND_HALF_EVEN;

/** A quotient of whole numbers, rounded to a whole number. */
export function divideRounded(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  const quotient = dividend / divisor; // towards zero
  const rest = dividend - quotient * divisor;
  if (rest === 0n || rounding === ROUND_DOWN) return quotient;
  if (rounding === ROUND_HALF_EVEN && !isNearerAway(quotient, rest, divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** Whether the quotient is nearer to the next whole number away from zero; of two that are as near, to the even one. */
function isNearerAway(quotient: bigint, rest: bigint, divisor: bigint): boolean {
  const twice = 2n * size(rest);
  const whole = size(divisor);
  return twice > whole || (twice === whole && quotient % 2n !== 0n);
}

function size(value: bigint): bigint {
  return value < 0n ? -value : value;
}
