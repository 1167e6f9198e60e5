/** Forecasts of about the same probability, and how often what they speak of followed. */
export interface ReliabilityBin {
  /** Mean probability that was told. */
  readonly told: number;
  /** Share in which it followed. */
  readonly followed: number;
  readonly rows: number;
}

/** How honest probabilities are. */
export interface Calibration {
  /** What was forecast, such as `up`. */
  readonly event: string;
  readonly rows: number;
  /** Mean squared difference of what was told from 1 or 0 (Brier 1950); 0 is perfect. */
  readonly brier: number;
  /** The same for whoever always tells the share of the training. */
  readonly brierOfBaseRate: number;
  /**
   * Mean squared difference of what was told from the share that followed, by bins of equal counts, less what chance adds:
   * Murphy (1973), corrected as by Ferro and Fricker, "A bias-corrected decomposition of the Brier score" (2012). May be a
   * little below zero.
   */
  readonly reliability: number;
  /** By rising probability. */
  readonly bins: readonly ReliabilityBin[];
}

export interface Forecasts {
  readonly event: string;
  /** From 0 to 1, one a row. */
  readonly told: Float64Array;
  /** 1 where it followed, otherwise 0. */
  readonly followed: Float64Array;
  /** Share of the training rows in which it followed. */
  readonly baseRate: number;
}

const BINS = 10;
/** Fewer rows a bin say nothing of a share. */
const BIN_ROWS_MIN = 20;

/** Null where there are fewer than two bins of rows, and where a probability is none. */
export function calibration({ event, told, followed, baseRate }: Forecasts): Calibration | null {
  const rows = told.length;
  const count = Math.min(BINS, Math.floor(rows / BIN_ROWS_MIN));
  if (count < 2 || !told.every((probability) => probability >= 0 && probability <= 1)) return null;
  const order = told.map((_, row) => row).toSorted((a, b) => told[a]! - told[b]! || a - b);
  const bins = Array.from({ length: count }, (_, bin) =>
    binOf(
      order.subarray(Math.floor((bin * rows) / count), Math.floor(((bin + 1) * rows) / count)),
      told,
      followed,
    ),
  );
  return {
    event,
    rows,
    brier: brierOf(told, followed),
    brierOfBaseRate: brierOf(new Float64Array(rows).fill(baseRate), followed),
    reliability: bins.reduce((sum, bin) => sum + (bin.rows / rows) * unbiasedGap(bin), 0),
    bins,
  };
}

function brierOf(told: Float64Array, followed: Float64Array): number {
  return told.reduce((sum, probability, row) => sum + (probability - followed[row]!) ** 2, 0) / told.length;
}

function binOf(rows: Float64Array, told: Float64Array, followed: Float64Array): ReliabilityBin {
  const mean = (values: Float64Array) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length;
  return { told: mean(told), followed: mean(followed), rows: rows.length };
}

/** Squared gap of a bin without the variance of its share. */
function unbiasedGap({ told, followed, rows }: ReliabilityBin): number {
  return (told - followed) ** 2 - (followed * (1 - followed)) / (rows - 1);
}
