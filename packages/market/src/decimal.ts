/** Digits that the stack keeps of a number: the same bounds as `Decimal` on the wire. */
const INTEGER_DIGITS_MAX = 26;
/** Digits after the point that the stack keeps. */
export const FRACTION_DIGITS_MAX = 12;
const FLOAT64_DIGITS = 15;

const NORMAL = /^(?:0|[1-9]\d{0,25})(?:\.\d{0,11}[1-9])?$/;
const NUMBER = /^([+-]?)(\d{0,400})(?:\.(\d{0,400}))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * The one spelling of a decimal number: no exponent, no plus sign, no idle zeros; `1469.250000` is `1469.25`, `1e-7` is
 * `0.0000001`, `-0` is `0`. What has more than 26 digits before or 12 after the point is refused and not rounded, but for
 * the noise that a float64 leaves behind its 15th digit: `0.00005330000000000001` is `0.0000533`.
 * @throws RangeError saying what is wrong with the text.
 */
export function normaliseDecimal(text: string): string {
  return NORMAL.test(text) ? text : spell(text, withoutFloatNoise);
}

function spell(text: string, tooFine: (text: string) => string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '') throw new RangeError('must be a decimal number');
  const point = whole.length + Number(exponent);
  const digits = '0'.repeat(Math.max(0, -point)) + whole + fraction + '0'.repeat(Math.max(0, point));
  const split = Math.max(0, point);
  const integer = digits.slice(0, split).replace(/^0+/, '') || '0';
  const decimals = digits.slice(split).replace(/0+$/, '');
  if (integer.length > INTEGER_DIGITS_MAX) throw tooLong(INTEGER_DIGITS_MAX, 'digits before the point');
  if (decimals.length > FRACTION_DIGITS_MAX) return tooFine(text);
  const size = decimals === '' ? integer : `${integer}.${decimals}`;
  return sign === '-' && size !== '0' ? `-${size}` : size;
}

/** The number as its first 15 significant digits say, all that a float64 holds for certain; refused if still too fine. */
function withoutFloatNoise(text: string): string {
  return spell(Number(text).toPrecision(FLOAT64_DIGITS), () => {
    throw tooLong(FRACTION_DIGITS_MAX, 'decimals');
  });
}

function tooLong(max: number, what: string): RangeError {
  return new RangeError(`must have at most ${max} ${what}`);
}

/** True for text in the spelling of {@link normaliseDecimal}. */
export function isNormalDecimal(text: string): boolean {
  return NORMAL.test(text) || (text.startsWith('-') && text !== '-0' && NORMAL.test(text.slice(1)));
}

/**
 * Order of two numbers in normal spelling: negative, zero or positive. Exact, also where float64 cannot tell them apart.
 */
export function compareDecimal(a: string, b: string): number {
  const difference = Number(a) - Number(b); // Rounding to float64 keeps the order, but may make neighbours equal.
  if (difference !== 0 || a === b) return difference;
  const scaled = toUnits(a) - toUnits(b);
  return scaled === 0n ? 0 : scaled > 0n ? 1 : -1;
}

const DECIMAL = /^(-?)(\d{1,26})(?:\.(\d{1,12}))?$/;

/**
 * A decimal text as a whole number of 10⁻¹² units; exact.
 * @throws RangeError for a text that is not a decimal of at most 26 digits before and 12 after the point.
 */
export function toUnits(text: string): bigint {
  const [matched, sign, whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (matched === undefined)
    throw new RangeError(`"${text.slice(0, 60)}" is not a decimal of at most 26 and 12 digits`);
  const magnitude = BigInt(whole + fraction.padEnd(FRACTION_DIGITS_MAX, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** The normal spelling of a whole number of 10⁻¹² units. */
export function fromUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(FRACTION_DIGITS_MAX + 1, '0');
  const fraction = digits.slice(-FRACTION_DIGITS_MAX).replace(/0+$/, '');
  const text = digits.slice(0, -FRACTION_DIGITS_MAX) + (fraction === '' ? '' : `.${fraction}`);
  return units < 0n ? `-${text}` : text;
}
