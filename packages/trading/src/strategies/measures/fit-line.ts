/** A straight line through points, by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Standard deviation of the residuals, with n - 2 degrees of freedom. */
  readonly residualSd: number;
}

/** @param xs,ys of one length, at least three. A slope of 0 where x does not vary. */
export function fitLine(xs: Float64Array, ys: Float64Array): Line {
  const xMean = meanOf(xs);
  const yMean = meanOf(ys);
  let xSquares = 0;
  let products = 0;
  for (let index = 0; index < xs.length; index++) {
    const x = xs[index]! - xMean;
    xSquares += x * x;
    products += x * (ys[index]! - yMean);
  }
  const slope = xSquares > 0 ? products / xSquares : 0;
  let residualSquares = 0;
  for (let index = 0; index < xs.length; index++)
    residualSquares += (ys[index]! - yMean - slope * (xs[index]! - xMean)) ** 2;
  return {
    slope,
    intercept: yMean - slope * xMean,
    residualSd: Math.sqrt(residualSquares / (xs.length - 2)),
  };
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]!;
  return sum / values.length;
}

/** Sample standard deviation, n - 1, around a mean; at least two values. */
export function deviationOf(values: Float64Array, mean: number): number {
  let squares = 0;
  for (let index = 0; index < values.length; index++) squares += (values[index]! - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
