/** Rows of model features, one a bar, in order of time. */
export interface FeatureRows {
  readonly dimensions: number;
  /** Row-major. */
  readonly values: Float64Array;
}

/** Rows `from` up to and without `to`; the numbers are not copied. */
export function part({ dimensions, values }: FeatureRows, from: number, to: number): FeatureRows {
  return { dimensions, values: values.subarray(from * dimensions, to * dimensions) };
}

export function rowCount({ dimensions, values }: FeatureRows): number {
  return values.length / dimensions;
}
