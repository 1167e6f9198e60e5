import { z } from 'zod';
import { logReturns } from './measures/drift.ts';
import { calmFit } from './measures/regime-fit.ts';
import { endsSlice } from './measures/slices.ts';
import { noQuotes } from './signals.ts';
import type { Hold, Signal, Strategy, StrategyContext } from './strategy.ts';

const MarketMakingParams = z
  .strictObject({
    /** Distance of each quote from the price that it leans around. */
    half_spread_bps: z.number().gt(0).max(1_000),
    /** What is added to it for each unit of one bar's volatility. */
    half_spread_vol: z.number().min(0).max(20),
    /** How far a full inventory moves the quotes, in half spreads. */
    inventory_skew: z.number().min(0).max(10),
    /** Size of one quote, share of equity. */
    quote_fraction: z.number().gt(0).max(1),
    /** Inventory at which only the reducing side is quoted, share of equity. */
    inventory_fraction_max: z.number().gt(0).max(1),
    /** How long quotes stay before they are set anew; at least one bar. */
    refresh_s: z.int().min(1).max(86_400),
    /** Highest probability of the most volatile regime that speaks for quotes. */
    risk_max: z.number().min(0).max(1),
    /** 1 offers short what it does not hold; 0 only offers what it holds. */
    allow_short: z.int().min(0).max(1),
  })
  .refine((params) => params.quote_fraction < params.inventory_fraction_max, {
    path: ['quote_fraction'],
    message: 'must be below inventory_fraction_max',
  });
type MarketMakingParams = z.infer<typeof MarketMakingParams>;

/** Log returns of the volatility. */
const VOLATILITY_BARS = 20;
const QUOTES_WORKING: Hold = { hold: 'quotes_working' };
const EQUITY_UNKNOWN = noQuotes('equity_unknown');

/**
 * Quotes around a price that leans against its inventory, in the form of Avellaneda and Stoikov, "High-frequency trading in a
 * limit order book" (2008): reservation price r = s - q γ σ² (T - t), and quotes at r ± δ. Here the inventory q is a share of
 * its limit, and the factor γ σ² (T - t) is `inventory_skew` half spreads δ; δ grows with volatility, as theirs does, by
 * `half_spread_vol`, and `half_spread_bps` stands for what the depth of the book adds to theirs.
 *
 * On bars this is an approximation: the fair price is the newest close instead of the middle of the book, quotes stay for a
 * bar at least, one that filled is not set anew before that, and whether a price that a bar touched would have filled a
 * quote is what the fill model assumes; the queue, and who trades against the quotes because he knows more, are not in bars.
 */
export const marketMaking: Strategy<MarketMakingParams> = {
  name: 'market_making',
  description:
    'Quotes both sides around the newest close, leaning against its inventory; on bars an approximation, without book or queue.',
  legs: 1,
  inventory: true,
  paramNames: Object.keys(MarketMakingParams.shape),
  schema: MarketMakingParams,
  lookbackBars: () => VOLATILITY_BARS + 1,
  decide,
  /** Quotes have no direction; a wild regime speaks against both sides. */
  modelFit: (regime, params) => calmFit(regime.hmmRisk, params.risk_max),
};

function decide({ legs, params, equity, barMs }: StrategyContext<MarketMakingParams>): Signal | Hold {
  const [{ bars, position }] = legs;
  const refreshMs = params.refresh_s * 1_000;
  if (!endsSlice(bars.openMs(0) + barMs, barMs, refreshMs)) return QUOTES_WORKING;
  if (equity === null || equity <= 0) return EQUITY_UNKNOWN;
  const fair = bars.close(0);
  const inventory = ((position?.quantity ?? 0) * fair) / equity;
  const volatility = logReturns(bars, VOLATILITY_BARS).sd;
  return {
    direction: 0,
    strength: 0,
    confidence: 0.5,
    holdingBars: Math.max(1, refreshMs / barMs),
    reason: 'quotes',
    wishes: [{ kind: 'quote', leg: 0, quotes: quotesAround(fair, volatility, inventory, params) }],
  };
}

/** Neither quote crosses the fair price, however far the inventory moves them: they are to earn the spread, not to pay it. */
function quotesAround(fair: number, volatility: number, inventory: number, params: MarketMakingParams) {
  const { inventory_fraction_max: inventoryMax, quote_fraction: size } = params;
  const halfSpread = fair * (params.half_spread_bps / 10_000 + params.half_spread_vol * volatility);
  const share = Math.max(-1, Math.min(1, inventory / inventoryMax));
  const reservation = fair - share * params.inventory_skew * halfSpread;
  const shortMax = params.allow_short === 1 ? inventoryMax : 0;
  return [
    {
      side: 'buy' as const,
      price: Math.min(fair, reservation - halfSpread),
      equityFraction: Math.min(size, inventoryMax - inventory),
    },
    {
      side: 'sell' as const,
      price: Math.max(fair, reservation + halfSpread),
      equityFraction: Math.min(size, shortMax + inventory),
    },
  ].filter(({ price, equityFraction }) => price > 0 && equityFraction > 0);
}
