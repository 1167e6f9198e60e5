/** A number as whole units of 10 to the power of minus its places. */
export interface Units {
  readonly units: bigint;
  readonly places: number;
}

const DIGITS = /^-?\d+$/;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

const POINT = '.'.charCodeAt(0);
const ZERO = '0'.charCodeAt(0);
/** So many characters hold no whole number that a float64 does not hold exactly. */
const SHORT_LENGTH_MAX = 15;

/** Reads decimal text, with or without an exponent. @throws RangeError for what is not a number. */
export function parseDecimal(text: string): Units {
  return (text.length <= SHORT_LENGTH_MAX ? parseShort(text) : undefined) ?? parseLong(text);
}

/** Most numbers are short, of digits and a point alone: read digit by digit they take a third of the time. */
function parseShort(text: string): Units | undefined {
  let units = 0;
  let point = -1;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit >= 0 && digit <= 9) units = units * 10 + digit;
    else if (digit === POINT - ZERO && point === -1) point = index;
    else return undefined;
  }
  if (text.length === 0 || text.length - 1 === point) return undefined;
  return { units: BigInt(units), places: point === -1 ? 0 : text.length - point - 1 };
}

function parseLong(text: string): Units {
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
