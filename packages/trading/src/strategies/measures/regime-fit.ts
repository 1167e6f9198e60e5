/** The regimes in which a strategy trades: those of which a measure is at least a threshold. */
interface FitTerms {
  readonly threshold: number;
  /** The range of the measure; the threshold lies inside. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * How far a measure of the regime is on the right side of a threshold: from 0.5 at the threshold to 1 at the highest value
 * that it can have, and below it less than 0, down to -1 at the lowest. At the threshold a regime is as good as the
 * parameters ask, so it is not near zero there.
 */
function thresholdFit(value: number, { threshold, lowest, highest }: FitTerms): number {
  if (value < threshold) return Math.max(-1, (value - threshold) / (threshold - lowest));
  return highest > threshold ? Math.min(1, 0.5 + (value - threshold) / (highest - threshold) / 2) : 1;
}

/** Of a strategy that follows the trend in the direction of its signal; 0 for a signal without direction. */
export function trendFit(trend: number, trendMin: number, direction: -1 | 0 | 1): number {
  return direction === 0
    ? 0
    : thresholdFit(direction * trend, { threshold: trendMin, lowest: -1, highest: 1 });
}

/** Of a strategy that needs something to be small: a risk, or the size of a trend; both from 0 to 1. */
export function calmFit(size: number, sizeMax: number): number {
  return thresholdFit(-size, { threshold: -sizeMax, lowest: -1, highest: 0 });
}
