/** ln(value / base). @throws RangeError for a price that is not finite and above zero. */
export function logRatio(value: number, base: number): number {
  const ratio = value / base;
  if (!(value > 0 && base > 0 && Number.isFinite(ratio))) {
    throw new RangeError(`a price must be finite and above zero, got ${value} and ${base}`);
  }
  return Math.log(ratio);
}
