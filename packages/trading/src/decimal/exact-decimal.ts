import { parseDecimal } from './parse-decimal.ts';
import { powerOfTen } from './power-of-ten.ts';
import { divideRounded, ROUND_DOWN, ROUND_HALF_EVEN, ROUND_UP, type Rounding } from './rounding.ts';

/** Digits after the point to which a quotient is rounded, half to even. Everything else is exact. */
const QUOTIENT_PLACES = 60;
/** Up to here a float64 holds whole numbers and powers of ten exactly, so that their quotient is the nearest float64. */
const FLOAT64_UNITS_MAX = BigInt(Number.MAX_SAFE_INTEGER);
const FLOAT64_PLACES_MAX = 22;

const ZERO_CODE = '0'.charCodeAt(0);

type Amount = Decimal | string | number;

/**
 * A decimal number of any size, exact: whole units of a power of ten. Sums, differences and products round nothing. It never
 * changes; there is no negative zero, no infinity and nothing that is not a number.
 */
export class Decimal {
  static readonly ROUND_UP = ROUND_UP;
  static readonly ROUND_DOWN = ROUND_DOWN;
  static readonly ROUND_HALF_EVEN = ROUND_HALF_EVEN;

  readonly #units: bigint;
  readonly #places: number;

  /** @throws RangeError for text or a float64 that is not a number. */
  constructor(value: Amount | bigint, places = 0) {
    if (typeof value === 'bigint') {
      this.#units = value;
      this.#places = places;
    } else if (typeof value === 'object') {
      this.#units = value.#units;
      this.#places = value.#places;
    } else {
      const parsed = parseDecimal(typeof value === 'string' ? value : String(value));
      this.#units = parsed.units;
      this.#places = parsed.places;
    }
  }

  /** @throws RangeError where there are none. */
  static max(...amounts: readonly Amount[]): Decimal {
    return amounts.map(toDecimal).reduce(larger, firstOf(amounts));
  }

  /** @throws RangeError where there are none. */
  static min(...amounts: readonly Amount[]): Decimal {
    return amounts.map(toDecimal).reduce(smaller, firstOf(amounts));
  }

  static sum(...amounts: readonly Amount[]): Decimal {
    return amounts.reduce<Decimal>((total, amount) => total.plus(amount), new Decimal(0n));
  }

  plus(amount: Amount): Decimal {
    const other = toDecimal(amount);
    const places = Math.max(this.#places, other.#places);
    return new Decimal(this.#unitsAt(places) + other.#unitsAt(places), places);
  }

  minus(amount: Amount): Decimal {
    const other = toDecimal(amount);
    const places = Math.max(this.#places, other.#places);
    return new Decimal(this.#unitsAt(places) - other.#unitsAt(places), places);
  }

  times(amount: Amount): Decimal {
    const other = toDecimal(amount);
    return new Decimal(this.#units * other.#units, this.#places + other.#places);
  }

  /** Rounded to 60 digits after the point. @throws RangeError for a division by zero. */
  div(amount: Amount): Decimal {
    const other = toDecimal(amount);
    const dividend = this.#units * powerOfTen(QUOTIENT_PLACES + other.#places);
    const divisor = other.#units * powerOfTen(this.#places);
    return new Decimal(divideRounded(dividend, divisor, ROUND_HALF_EVEN), QUOTIENT_PLACES);
  }

  /** The whole part of the quotient. @throws RangeError for a division by zero. */
  divToInt(amount: Amount): Decimal {
    const other = toDecimal(amount);
    const places = Math.max(this.#places, other.#places);
    return new Decimal(this.#unitsAt(places) / other.#unitsAt(places), 0);
  }

  /** What `divToInt` leaves; it has the sign of this number. @throws RangeError for a division by zero. */
  mod(amount: Amount): Decimal {
    const other = toDecimal(amount);
    const places = Math.max(this.#places, other.#places);
    return new Decimal(this.#unitsAt(places) % other.#unitsAt(places), places);
  }

  /** @param exponent a whole number of zero or above. */
  pow(exponent: number): Decimal {
    return new Decimal(this.#units ** BigInt(exponent), this.#places * exponent);
  }

  abs(): Decimal {
    return this.#units < 0n ? this.negated() : this;
  }

  negated(): Decimal {
    return new Decimal(-this.#units, this.#places);
  }

  /** Below zero, zero or above zero where this number is below, equal or above. */
  cmp(amount: Amount): number {
    const other = toDecimal(amount);
    const places = Math.max(this.#places, other.#places);
    const [left, right] = [this.#unitsAt(places), other.#unitsAt(places)];
    return left < right ? -1 : left > right ? 1 : 0;
  }

  eq(amount: Amount): boolean {
    return this.cmp(amount) === 0;
  }

  equals(amount: Amount): boolean {
    return this.cmp(amount) === 0;
  }

  lt(amount: Amount): boolean {
    return this.cmp(amount) < 0;
  }

  lte(amount: Amount): boolean {
    return this.cmp(amount) <= 0;
  }

  gt(amount: Amount): boolean {
    return this.cmp(amount) > 0;
  }

  gte(amount: Amount): boolean {
    return this.cmp(amount) >= 0;
  }

  isZero(): boolean {
    return this.#units === 0n;
  }

  isNegative(): boolean {
    return this.#units < 0n;
  }

  /** Digits after the point, without idle zeros. */
  decimalPlaces(): number {
    const text = this.toFixed();
    const point = text.indexOf('.');
    return point === -1 ? 0 : text.length - point - 1;
  }

  toDecimalPlaces(places: number, rounding: Rounding = ROUND_HALF_EVEN): Decimal {
    if (this.#places <= places) return this;
    return new Decimal(divideRounded(this.#units, powerOfTen(this.#places - places), rounding), places);
  }

  /** Plain notation. @param places as many as there are unless told. */
  toFixed(places?: number): string {
    if (places === undefined) return withoutIdleZeros(textOf(this.#units, this.#places));
    const rounded = this.toDecimalPlaces(places);
    return textOf(rounded.#unitsAt(places), places);
  }

  toString(): string {
    return this.toFixed();
  }

  /** The nearest float64. */
  toNumber(): number {
    const isExact =
      this.#places <= FLOAT64_PLACES_MAX &&
      this.#units <= FLOAT64_UNITS_MAX &&
      this.#units >= -FLOAT64_UNITS_MAX;
    return isExact ? Number(this.#units) / 10 ** this.#places : Number(this.toFixed());
  }

  /** @param places at least as many as there are. */
  #unitsAt(places: number): bigint {
    return places === this.#places ? this.#units : this.#units * powerOfTen(places - this.#places);
  }
}

function larger(left: Decimal, right: Decimal): Decimal {
  return right.gt(left) ? right : left;
}

function smaller(left: Decimal, right: Decimal): Decimal {
  return right.lt(left) ? right : left;
}

function firstOf(amounts: readonly Amount[]): Decimal {
  const [first] = amounts;
  if (first === undefined) throw new RangeError('there is nothing to compare');
  return toDecimal(first);
}

function toDecimal(amount: Amount): Decimal {
  return typeof amount === 'object' ? amount : new Decimal(amount);
}

/** `1.50` is `1.5`, and `2.00` is `2`. */
function withoutIdleZeros(text: string): string {
  const point = text.indexOf('.');
  if (point === -1) return text;
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO_CODE) end--;
  return text.slice(0, end - 1 === point ? point : end);
}

function textOf(units: bigint, places: number): string {
  if (places === 0) return units.toString();
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const point = digits.length - places;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}
