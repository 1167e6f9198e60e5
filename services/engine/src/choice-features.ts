import { CONTEXT_BARS_MIN, contextFeatures, type PriceBar } from '@aistock/market';
import type { BarView } from '@aistock/trading/bars';
import type { RegimeView } from '@aistock/trading/strategies';
import type { MarketStream } from './market-stream.ts';

/**
 * What parameters are chosen by at the newest bar of a stream, by the names that param_controller knows it by: live, on paper
 * and in a backtest alike. What there are too few bars for, and what no model says, is left out.
 */
export function choiceFeatures(
  bars: BarView,
  { timeframe, calendar }: Pick<MarketStream, 'timeframe' | 'calendar'>,
  regime: RegimeView | null,
): Record<string, number> {
  const context = contextFeatures(newestBars(bars), timeframe, calendar);
  return {
    ...(regime && { hmm_trend: regime.hmmTrend, hmm_risk: regime.hmmRisk }),
    ...(context && { vol: context.vol }),
  };
}

function newestBars(bars: BarView): PriceBar[] {
  const count = Math.min(CONTEXT_BARS_MIN, bars.count);
  return Array.from({ length: count }, (_, index) => {
    const ago = count - 1 - index;
    return {
      openMs: bars.openMs(ago),
      open: bars.open(ago),
      high: bars.high(ago),
      low: bars.low(ago),
      close: bars.close(ago),
      volume: bars.volume(ago),
    };
  });
}
