const FLOAT32_DIGITS_MAX = 9;

/**
 * A price as decimal text. Yahoo keeps prices as float32 and sends them widened to float64, so that 75.0875 comes as
 * `75.0875015258789`. Of a number that is longer than a float32 can tell and is one all the same, this gives the shortest
 * text that reads back as the same float32: widened again, it is the number that came. Any other number keeps its text.
 */
export function floatText(text: string): string {
  const number = Number(text);
  if (digitsOf(text) <= FLOAT32_DIGITS_MAX || Math.fround(number) !== number) return text;
  for (let digits = 1; digits < FLOAT32_DIGITS_MAX; digits++) {
    const shorter = number.toPrecision(digits);
    if (Math.fround(Number(shorter)) === number) return shorter;
  }
  return number.toPrecision(FLOAT32_DIGITS_MAX);
}

function digitsOf(text: string): number {
  return text.replace(/^-?0*\.?0*|e.*$/gi, '').replace('.', '').length;
}
