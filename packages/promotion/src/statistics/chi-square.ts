import { normalQuantile } from '@aistock/trading/policy';

/**
 * Where the chi-square distribution reaches a probability: Wilson and Hilferty, "The Distribution of Chi-Square" (1931);
 * within 1 % from three degrees of freedom on.
 */
export function chiSquareQuantile(probability: number, degrees: number): number {
  const spread = 2 / (9 * degrees);
  return degrees * Math.max(0, 1 - spread + normalQuantile(probability) * Math.sqrt(spread)) ** 3;
}
