import { fromUnits, FRACTION_DIGITS_MAX } from '@aistock/market';

/** Up to here the approximation below is off by less than half. */
const EXACT_MAX = 2 ** 49;
const WORDS = 4;
const TWO_32 = 2 ** 32;
const TWO_64 = 2 ** 64;
const SIGN_BIT = 2 ** 31;

/**
 * Float64 of whole numbers of 10⁻¹² units that have at most so many decimals, equal to `Number(text)` bit for bit.
 * @param words - 32-bit words of 128-bit integers in two's complement, the lowest first.
 * @param into - takes one value for every four words.
 *
 * In units of its last decimal a value is a whole number. Below 2⁴⁹ the sum of its words, rounded up to three times, is
 * off by less than half, so that rounding gives exactly that number; and one division of two whole numbers that float64
 * holds rounds once, as reading the text does. Larger values, and negative ones, go by their text.
 */
export function floatsInto(into: Float64Array, words: Uint32Array, decimals: number): void {
  const unit = 10 ** (FRACTION_DIGITS_MAX - decimals);
  const divisor = 10 ** decimals;
  for (let row = 0, word = 0; word < words.length; row++, word += WORDS) {
    const low = words[word]! + words[word + 1]! * TWO_32;
    const whole = Math.round((low + words[word + 2]! * TWO_64) / unit);
    into[row] =
      words[word + 3] === 0 && whole < EXACT_MAX ? whole / divisor : Number(fromUnits(scaledAt(words, word)));
  }
}

function scaledAt(words: Uint32Array, word: number): bigint {
  let scaled = 0n;
  for (let i = WORDS - 1; i >= 0; i--) scaled = (scaled << 32n) | BigInt(words[word + i]!);
  return words[word + WORDS - 1]! >= SIGN_BIT ? BigInt.asIntN(128, scaled) : scaled;
}
