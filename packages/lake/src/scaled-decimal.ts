/** Digits after the point in the Parquet files: `DECIMAL(38,12)`. */
export const SCALE = 12;
const DECIMAL = /^(-?)(\d{1,26})(?:\.(\d{1,12}))?$/;

/**
 * A decimal text as a whole number of 10⁻¹² units; exact.
 * @throws RangeError for a text that is not a decimal of at most 26 digits before and 12 after the point.
 */
export function toScaled(text: string): bigint {
  const match = DECIMAL.exec(text);
  if (!match) throw new RangeError(`"${text.slice(0, 60)}" does not fit DECIMAL(38,12)`);
  const [, sign, whole = '', fraction = ''] = match;
  const magnitude = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** The shortest decimal text of a whole number of 10⁻¹² units: no trailing zeros, no exponent. */
export function fromScaled(scaled: bigint): string {
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(SCALE + 1, '0');
  const fraction = digits.slice(-SCALE).replace(/0+$/, '');
  const text = digits.slice(0, -SCALE) + (fraction === '' ? '' : `.${fraction}`);
  return scaled < 0n ? `-${text}` : text;
}
