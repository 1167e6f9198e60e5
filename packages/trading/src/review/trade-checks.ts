import type { ReviewInput } from './review-input.ts';
import { percentText, type Warning } from './warning.ts';

/** Below it the mean of trades is not near normal whatever their distribution. */
const TRADES_MIN = 30;
/** LEAN's bound, from which on it calls a fit likely. */
const PARAMS_MAX = 10;
/** Events for each variable that is fitted: Peduzzi et al. (1996). */
const TRADES_PER_PARAM_MIN = 10;
const BEST_TRADE_SHARE_MAX = 0.5;
/** Of the equity: below it a reader might take a small size for a weak rule. */
const ENTRY_SHARE_MIN = 0.2;
const COST_SHARE_MAX = 0.5;

export function fewTrades({ trades }: ReviewInput): Warning[] {
  const numbers = { trades: trades.length, trades_min: TRADES_MIN };
  if (trades.length === 0)
    return [{ code: 'no_trades', severity: 'warning', detail: 'It closed no trade.', numbers }];
  if (trades.length >= TRADES_MIN) return [];
  const detail = `${trades.length} closed trades are too few to judge by; ${TRADES_MIN} are the least.`;
  return [{ code: 'few_trades', severity: 'warning', detail, numbers }];
}

export function manyParameters({ params, trades }: ReviewInput): Warning[] {
  const numbers = { params, trades: trades.length };
  const many = (detail: string): Warning[] => [
    { code: 'parameters_many', severity: 'warning', detail, numbers },
  ];
  if (params > PARAMS_MAX)
    return many(`${params} parameters fit almost any past; more than ${PARAMS_MAX} are suspect.`);
  if (trades.length < params * TRADES_PER_PARAM_MIN)
    return many(
      `${trades.length} trades are few for ${params} parameters; ${TRADES_PER_PARAM_MIN} for each are the least.`,
    );
  return [];
}

/** How much of the equity entries put in, where that is little: what it earns and loses is as little. */
export function smallEntries({ trades, curve }: ReviewInput): Warning[] {
  const shares = trades
    .map(
      ({ quantity, entryPrice, entryMs }) =>
        (Number(quantity) * Number(entryPrice)) / equityAt(curve, entryMs),
    )
    .toSorted((a, b) => a - b);
  const median = shares[shares.length >> 1];
  if (median === undefined || !(median < ENTRY_SHARE_MIN)) return [];
  return [
    {
      code: 'small_entries',
      severity: 'note',
      detail: `Half of the entries put in ${percentText(median)} of the equity or less, and returns and drawdowns are as small. The strategy's parameters and the sizing policy decide it; by the preset, Kelly probes with a tenth while the trades show no edge.`,
      numbers: { median_share: median },
    },
  ];
}

function equityAt({ atMs, equity }: ReviewInput['curve'], ms: number): number {
  let [low, high] = [0, atMs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (atMs[middle]! <= ms) low = middle + 1;
    else high = middle;
  }
  return equity[Math.max(0, low - 1)]!;
}

/** Where the profit goes when the best trade is taken away. */
export function oneTrade({ trades }: ReviewInput): Warning[] {
  const profits = trades.map(({ pnl }) => Number(pnl));
  const total = profits.reduce((sum, profit) => sum + profit, 0);
  const best = profits.reduce((most, profit) => Math.max(most, profit), 0);
  if (trades.length < 2 || total <= 0 || best <= BEST_TRADE_SHARE_MAX * total) return [];
  return [
    {
      code: 'one_trade',
      severity: 'warning',
      detail: `The best of ${trades.length} trades made ${percentText(best / total)} of the profit.`,
      numbers: { share: best / total, trades: trades.length },
    },
  ];
}

export function costsEatProfit({ performance }: ReviewInput): Warning[] {
  const share = performance.costs.shareOfGrossProfit;
  const { total } = performance.costs;
  const gross = performance.equityEnd - performance.equityStart + total;
  if (total <= 0 || (share !== null && share <= COST_SHARE_MAX)) return [];
  const detail =
    share === null
      ? 'It made no profit before costs.'
      : `Fees, slippage and funding took ${percentText(share)} of the profit before costs.`;
  return [{ code: 'costs_eat_profit', severity: 'warning', detail, numbers: { costs: total, gross } }];
}
