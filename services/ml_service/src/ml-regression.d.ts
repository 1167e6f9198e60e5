/** ml-regression comes without types; this is the part that is used here. */
declare module 'ml-regression' {
  export class MultivariateLinearRegression {
    /** `x` rows × inputs, `y` rows × outputs. */
    constructor(
      x: number[][],
      y: number[][],
      options?: { readonly intercept?: boolean; readonly statistics?: boolean },
    );
    /** Inputs + 1 (the intercept, last) rows × outputs. */
    readonly weights: number[][];
    predict(x: number[][]): number[][];
  }
}
