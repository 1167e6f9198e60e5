/** A feature as it was computed: another version is another feature. */
export interface FeatureRef {
  readonly name: string;
  readonly version: number;
}

/** What a supervised model learns: a value of the bars after a row's own. */
export interface Target {
  readonly name: string;
  /** Bars after the row's own that the value needs: 1 is the next one. Folds are purged by at least so many. */
  readonly horizonBars: number;
  /** One a row; NaN where the horizon reaches past the last bar. */
  readonly values: Float64Array;
}

/** Rows of features of one stream, one a closed bar, in order of time: what every model is trained on and scored by. */
export interface Dataset {
  /** `source:instrument:timeframe`. */
  readonly stream: string;
  /** Open time of each row's bar, Unix ms UTC, ascending. */
  readonly openMs: Float64Array;
  /** In the order of the columns. */
  readonly features: readonly FeatureRef[];
  /** One a feature, each as long as `openMs`; NaN is a missing value. */
  readonly columns: readonly Float64Array[];
  /** Null for models that learn from the features alone. */
  readonly target: Target | null;
  /** SHA-256 of each file that bars came from, ascending. */
  readonly fileHashes: readonly string[];
}
