/** A number as whole units of 10 to the power of minus its places. */
export interface Units {
  readonly units: bigint;
  readonly places: number;
}

const DIGITS = /^-?\d+$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Reads decimal text, with or without an exponent. @throws RangeError for what is not a number. */
export function parseDecimal(text: string): Units {
  const point = text.indexOf('.');
  const digits = point === -1 ? text : text.slice(0, point) + text.slice(point + 1);
  if (!DIGITS.test(digits)) return parseAny(text);
  return { units: BigInt(digits), places: point === -1 ? 0 : text.length - point - 1 };
}

function parseAny(text: string): Units {
  const [, sign, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  if (sign === undefined || whole + fraction === '')
    throw new RangeError(`"${text.slice(0, 60)}" is not a number`);
  const places = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction + '0'.repeat(Math.max(0, -places)));
  return { units: sign === '-' ? -units : units, places: Math.max(0, places) };
}
