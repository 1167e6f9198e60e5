/** From here on the asymptotic series are exact to the last digits. */
const SERIES_FROM = 12;

/** Logarithm of the gamma function for x > 0, to about 14 digits (Abramowitz & Stegun 6.1.41, after the recurrence 6.1.15). */
export function logGamma(x: number): number {
  let shifted = x;
  let product = 1;
  for (; shifted < SERIES_FROM; shifted++) product *= shifted;
  const square = 1 / (shifted * shifted);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1_260 - square * (1 / 1_680 - square / 1_188)))) / shifted;
  return (
    (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2 + series - Math.log(product)
  );
}

/** Derivative of `logGamma` (Abramowitz & Stegun 6.3.18, after the recurrence 6.3.5). */
export function digamma(x: number): number {
  let shifted = x;
  let shift = 0;
  for (; shifted < SERIES_FROM; shifted++) shift += 1 / shifted;
  const square = 1 / (shifted * shifted);
  const series =
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))));
  return Math.log(shifted) - 1 / (2 * shifted) - series - shift;
}
