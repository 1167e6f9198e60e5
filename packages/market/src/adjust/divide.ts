/** Rounded to the nearest whole number, the half away from zero; of numbers that are not negative. */
export function divide(of: bigint, by: bigint): bigint {
  return (2n * of + by) / (2n * by);
}
