export interface EquityStatistics {
  /** Last over first, less one: 0.1 is ten per cent. */
  readonly returnTotal: number;
  /** The deepest fall from a peak, from 0 to 1. */
  readonly drawdownMax: number;
  /** Null where there are fewer than two returns or all are the same. */
  readonly sharpeAnnual: number | null;
}

/**
 * Statistics of an equity curve with one value a bar, the first before any trade; float64.
 * The Sharpe ratio is that of Sharpe (The Sharpe Ratio, 1994) without a riskless rate: mean of the returns a bar over their
 * sample standard deviation, times the square root of the bars of a year, which assumes that returns are independent.
 */
export function equityStatistics(equity: readonly number[], barsPerYear: number): EquityStatistics {
  const first = equity[0];
  const last = equity.at(-1);
  if (first === undefined || last === undefined)
    return { returnTotal: 0, drawdownMax: 0, sharpeAnnual: null };
  return {
    returnTotal: last / first - 1,
    drawdownMax: drawdownMax(equity),
    sharpeAnnual: sharpe(returnsOf(equity), barsPerYear),
  };
}

/** Annualised Sharpe ratio of returns a period; null where it is not defined. */
export function sharpe(returns: readonly number[], periodsPerYear: number): number | null {
  if (returns.length < 2) return null;
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
  return variance > 0 ? (mean / Math.sqrt(variance)) * Math.sqrt(periodsPerYear) : null;
}

/** The deepest fall from a peak, from 0 to 1. */
export function drawdownMax(equity: readonly number[]): number {
  let peak = -Infinity;
  let deepest = 0;
  for (const value of equity) {
    peak = Math.max(peak, value);
    deepest = Math.max(deepest, 1 - value / peak);
  }
  return deepest;
}

function returnsOf(equity: readonly number[]): number[] {
  return equity.slice(1).map((value, index) => value / (equity[index] ?? Number.NaN) - 1);
}
