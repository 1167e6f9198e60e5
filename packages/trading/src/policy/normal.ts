/**
 * Probability that a standard normal variable is at most x: the rational approximation of Hart (1968) in the form of
 * West, "Better approximations to cumulative normal functions" (2005); error below 1e-15.
 */
export function normalCdf(x: number): number {
  const tail = upperTail(Math.abs(x));
  return x > 0 ? 1 - tail : tail;
}

const NUMERATOR = [
  0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871,
  221.213596169931, 220.206867912376,
];
const DENOMINATOR = [
  0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
];
/** Beyond this the continued fraction is the better one. */
const RATIONAL_MAX = 7.07106781186547;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

function upperTail(x: number): number {
  const density = Math.exp((-x * x) / 2);
  if (x < RATIONAL_MAX) return (density * polynomial(NUMERATOR, x)) / polynomial(DENOMINATOR, x);
  const fraction = x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))));
  return density === 0 ? 0 : density / fraction / SQRT_TWO_PI;
}

/** Highest power first. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** Halley steps from the first guess, each of which triples the digits that are right. */
const QUANTILE_STEPS = 4;

/**
 * Where the distribution function of a standard normal variable reaches a probability between 0 and 1: formula 26.2.23 of
 * Abramowitz and Stegun (1964), improved by Halley's method to the precision of {@link normalCdf}.
 * @throws RangeError outside of (0, 1).
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) throw new RangeError(`${probability} is not between 0 and 1`);
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = polynomial(GUESS_ABOVE, t) / polynomial(GUESS_BELOW, t) - t;
  for (let step = 0; step < QUANTILE_STEPS; step++) {
    const newton = ((normalCdf(x) - probability) * SQRT_TWO_PI) / Math.exp((-x * x) / 2);
    x -= newton / (1 + (x * newton) / 2);
  }
  return x;
}

const GUESS_ABOVE = [0.010328, 0.802853, 2.515517];
const GUESS_BELOW = [0.001308, 0.189269, 1.432788, 1];
