import { momentumBreakout } from './momentum-breakout.ts';
import type { Strategy } from './strategy.ts';
import { smaCross } from './sma-cross.ts';
import { trendFollowing } from './trend-following.ts';

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
export { momentumBreakout, smaCross, trendFollowing };

/** Every strategy that is offered for trading, by name. */
export const STRATEGIES: ReadonlyMap<string, Strategy> = new Map(
  [momentumBreakout, trendFollowing].map((strategy): [string, Strategy] => [strategy.name, strategy]),
);
