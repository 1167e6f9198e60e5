import { marketMaking } from './market-making.ts';
import { meanReversion } from './mean-reversion.ts';
import { momentumBreakout } from './momentum-breakout.ts';
import { pairsTrading } from './pairs-trading.ts';
import type { Strategy } from './strategy.ts';
import { smaCross } from './sma-cross.ts';
import { trendFollowing } from './trend-following.ts';
import { vwapParticipation } from './vwap-participation.ts';

export type {
  Hold,
  Holding,
  LegView,
  OrderStyle,
  Protection,
  RegimeView,
  Signal,
  Strategy,
  StrategyContext,
  StrategyParams,
  Wish,
} from './strategy.ts';
export { smaCross };

/** Every strategy that is offered for trading, by name. */
export const STRATEGIES: ReadonlyMap<string, Strategy> = new Map(
  [marketMaking, meanReversion, momentumBreakout, pairsTrading, trendFollowing, vwapParticipation].map(
    (strategy): [string, Strategy] => [strategy.name, strategy],
  ),
);
