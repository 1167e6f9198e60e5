import type { Bar } from '../bar.ts';
import { compareDecimal, fromUnits, toUnits } from '../decimal.ts';
import { TIMEFRAME_MS, type Timeframe } from '../timeframe.ts';

/** One trade of a market that is always open. */
export interface Trade {
  /** Unix ms UTC. */
  readonly atMs: number;
  /** Exact decimal text, as is the amount of what was traded. */
  readonly price: string;
  readonly amount: string;
}

/** Which bars are wanted, and as of when. */
export interface TradeTerms {
  readonly timeframe: Timeframe;
  /** Only bars whose time had passed by then are given, Unix ms UTC: later trades may still belong to the others. */
  readonly asOfMs: number;
}

/**
 * Bars of trades, exact: a time without a trade has no bar.
 * @param trades - in the order in which they happened.
 * @throws RangeError for a trade that is before the one before it.
 */
export function tradesToBars(trades: readonly Trade[], { timeframe, asOfMs }: TradeTerms): Bar[] {
  const stepMs = TIMEFRAME_MS[timeframe];
  const bars: Bar[] = [];
  let own: Trade[] = [];
  const close = (): void => {
    const bar = barOf(own, stepMs);
    if (bar && bar.openMs + stepMs <= asOfMs) bars.push(bar);
  };
  for (const trade of trades) {
    const last = own.at(-1);
    if (last && trade.atMs < last.atMs)
      throw new RangeError(`a trade at ${trade.atMs} comes after ${last.atMs}`);
    if (last && Math.floor(last.atMs / stepMs) !== Math.floor(trade.atMs / stepMs)) {
      close();
      own = [];
    }
    own.push(trade);
  }
  close();
  return bars;
}

function barOf(trades: readonly Trade[], stepMs: number): Bar | undefined {
  const [first, last] = [trades[0], trades.at(-1)];
  if (!first || !last) return undefined;
  const prices = trades.map(({ price }) => price);
  return {
    openMs: Math.floor(first.atMs / stepMs) * stepMs,
    open: first.price,
    high: prices.reduce((a, b) => (compareDecimal(a, b) < 0 ? b : a)),
    low: prices.reduce((a, b) => (compareDecimal(a, b) > 0 ? b : a)),
    close: last.price,
    volume: fromUnits(trades.reduce((sum, { amount }) => sum + toUnits(amount), 0n)),
  };
}
