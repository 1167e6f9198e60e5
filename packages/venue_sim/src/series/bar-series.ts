import { type Bar, type Timeframe } from '@aistock/market';

/** Bars of one market, numbered from 0 in order of their open times, made as they are asked for. */
export interface BarSeries {
  readonly timeframe: Timeframe;
  readonly length: number;
  /** Open time of a bar, Unix ms UTC. */
  readonly openAt: (index: number) => number;
  readonly barAt: (index: number) => Bar;
  /** The number of the first bar that opens at or after this time; `length` where there is none. */
  readonly firstAt: (ms: number) => number;
}

/**
 * A series of given bars. A venue has one bar a time, in order, with all its numbers: so they are sorted here, the first
 * of the same time is kept, and one with `NaN` is left out.
 * @throws RangeError where nothing is left.
 */
export function seriesOf(bars: readonly Bar[], timeframe: Timeframe): BarSeries {
  const sorted = bars.filter(isWhole).toSorted((a, b) => a.openMs - b.openMs);
  const kept = sorted.filter((bar, index) => bar.openMs !== sorted[index - 1]?.openMs);
  if (kept.length === 0) throw new RangeError('there are no bars');
  const barAt = (index: number): Bar => {
    const bar = kept[index];
    if (!bar) throw new RangeError(`there is no bar ${index}`);
    return bar;
  };
  return {
    timeframe,
    length: kept.length,
    openAt: (index) => barAt(index).openMs,
    barAt,
    firstAt: (ms) => firstIndex(kept, ms),
  };
}

function isWhole({ open, high, low, close, volume }: Bar): boolean {
  return [open, high, low, close, volume].every((text) => text !== 'NaN');
}

function firstIndex(bars: readonly Bar[], ms: number): number {
  let [low, high] = [0, bars.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bars[middle]!.openMs < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
