import type { EquityCurve } from './equity-curve.ts';

/** A fall from a peak until it was reached again, or until the curve ended. */
interface Drawdown {
  /** From the peak to the deepest value, from 0 to 1; more than 1 where equity fell below zero. */
  readonly depth: number;
  readonly peakMs: number;
  readonly troughMs: number;
  /** When the peak was reached again, or the curve's end. */
  readonly endMs: number;
  readonly recovered: boolean;
}

/** Every drawdown of a curve in the order of time. The first value counts as a peak. */
function drawdownsOf({ atMs, equity }: EquityCurve): Drawdown[] {
  const found: Drawdown[] = [];
  let peak = 0;
  let trough = 0;
  const close = (end: number, recovered: boolean): void => {
    const depth = 1 - equity[trough]! / equity[peak]!;
    const span = { peakMs: atMs[peak]!, troughMs: atMs[trough]!, endMs: atMs[end]! };
    if (depth > 0) found.push({ depth, ...span, recovered });
  };
  for (let index = 1; index < equity.length; index++) {
    if (equity[index]! < equity[trough]!) trough = index;
    if (equity[index]! < equity[peak]!) continue;
    close(index, true);
    peak = trough = index;
  }
  if (trough > peak) close(equity.length - 1, false);
  return found;
}

export interface DrawdownFigures {
  /** The deepest fall from a peak, from 0 to 1; 0 where there was none. */
  readonly max: number;
  /** From its peak to its recovery or the end, in ms: of the longest, which need not be the deepest. */
  readonly longestMs: number;
  /** Mean depth and length of all; null where there was none. */
  readonly average: number | null;
  readonly averageMs: number | null;
  readonly count: number;
  /** Whether the last one had not recovered at the end. */
  readonly openAtEnd: boolean;
}

/** Depths and lengths of the drawdowns, each from its peak to its recovery or the end of the curve, as backtesting.py counts them. */
export function drawdownFigures(curve: EquityCurve): DrawdownFigures {
  const found = drawdownsOf(curve);
  const lengths = found.map(({ peakMs, endMs }) => endMs - peakMs);
  const depths = found.map(({ depth }) => depth);
  return {
    max: depths.reduce((most, depth) => Math.max(most, depth), 0),
    longestMs: lengths.reduce((most, length) => Math.max(most, length), 0),
    average: average(depths),
    averageMs: average(lengths),
    count: found.length,
    openAtEnd: found.at(-1)?.recovered === false,
  };
}

function average(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}
