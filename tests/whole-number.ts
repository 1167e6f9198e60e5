/**
 * The whole number that an option of a command line says.
 * @throws RangeError saying what is allowed.
 */
export function wholeNumber(text: string, min: number, max: number): number {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new RangeError(`must be from ${min} to ${max}, got ${text}`);
  return value;
}
