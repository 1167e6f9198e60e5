import { z } from 'zod';
import { compareMeans, compareMeansPlainly } from './measures/compare-means.ts';
import { exitSignal } from './signals.ts';
import type { Hold, Signal, Strategy, StrategyContext, Wish } from './strategy.ts';

const SmaCrossParams = z
  .strictObject({
    /** Bars of the fast mean of closes. */
    fast_bars: z.int().min(1).max(999),
    /** Bars of the slow mean of closes, more than fast_bars. */
    slow_bars: z.int().min(2).max(1000),
    /** 1 sells short at a crossing below; 0 only leaves. */
    allow_short: z.int().min(0).max(1),
  })
  .refine((params) => params.fast_bars < params.slow_bars, {
    path: ['fast_bars'],
    message: 'must be below slow_bars',
  });
type SmaCrossParams = z.infer<typeof SmaCrossParams>;

const NO_CROSSING: Hold = { hold: 'no_crossing' };
const HOLDING: Hold = { hold: 'holding' };
const LEAVE: Wish = { kind: 'exit', leg: 0, style: { type: 'market' } };
const EXIT = exitSignal('crossed_below');
const BUY = entry('buy', []);
const SELL = entry('sell', []);
/** Both wishes at one close: what is held is left, and the other side is entered. */
const TURN_LONG = entry('buy', [LEAVE]);
const TURN_SHORT = entry('sell', [LEAVE]);

/**
 * The crossing of two means of closes, all in: the yardstick that other programs' results are known for. It knows nothing of
 * regimes and claims nothing, so it is not offered for trading.
 */
export const smaCross: Strategy<SmaCrossParams> = {
  name: 'sma_cross',
  description:
    'All in while the fast mean of closes is above the slow one, from crossing to crossing; for reference.',
  legs: 1,
  paramNames: Object.keys(SmaCrossParams.shape),
  schema: SmaCrossParams,
  lookbackBars: (params) => params.slow_bars + 1,
  decide: ({ legs, params }: StrategyContext<SmaCrossParams>): Signal | Hold => {
    const { bars, position } = legs[0];
    const { fast_bars, slow_bars, allow_short } = params;
    const isAbove = compareMeans(bars, fast_bars, slow_bars) > 0;
    if (!position) {
      const mayEnter = isAbove || allow_short === 1;
      if (!mayEnter || isAbove === compareMeansPlainly(bars, fast_bars, slow_bars, 1) > 0) return NO_CROSSING;
      return isAbove ? BUY : SELL;
    }
    if (isAbove === position.quantity > 0) return HOLDING;
    if (isAbove) return TURN_LONG;
    return allow_short === 1 ? TURN_SHORT : EXIT;
  },
  modelFit: () => null,
};

function entry(side: 'buy' | 'sell', before: readonly Wish[]): Signal {
  return {
    direction: side === 'buy' ? 1 : -1,
    strength: 1,
    confidence: 0.5,
    holdingBars: 0,
    reason: side === 'buy' ? 'crossed_above' : 'crossed_below',
    wishes: [...before, { kind: 'enter', leg: 0, side, equityFraction: 1, style: { type: 'market' } }],
  };
}
