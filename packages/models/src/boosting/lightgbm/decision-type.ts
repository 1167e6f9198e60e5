/** Bits of LightGBM's `decision_type`: a numerical split, whose missing values are NaN, and which side they take. */
export const DEFAULT_LEFT = 2;
export const CATEGORICAL = 1;
export const MISSING_NAN = 2 << 2;
export const MISSING_MASK = 3 << 2;
