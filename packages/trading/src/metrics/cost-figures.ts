import type { EquityCurve } from './equity-curve.ts';
import { mean, ratio } from './moments.ts';
import { YEAR_MS } from './return-figures.ts';

/** What trading cost in all, and the value of all fills. Decimal text in the account's currency. */
export interface CostTotals {
  readonly fees: string;
  /** What spread and slippage took. */
  readonly slippage: string;
  /** Above zero paid, below zero received. */
  readonly funding: string;
  readonly turnover: string;
}

/** Statistics of the costs; the exact amounts are those of {@link CostTotals}. */
export interface CostFigures {
  /** Fees, slippage and funding. */
  readonly total: number;
  /** Of the profit before costs; null where there was no profit before them. */
  readonly shareOfGrossProfit: number | null;
  /** In bps of the turnover. */
  readonly bpsOfTurnover: number | null;
  /** Turnover over mean equity, a year. */
  readonly turnoverAnnual: number | null;
}

export function costFigures(totals: CostTotals, { atMs, equity }: EquityCurve): CostFigures {
  const total = Number(totals.fees) + Number(totals.slippage) + Number(totals.funding);
  const turnover = Number(totals.turnover);
  const gross = equity.at(-1)! - equity[0]! + total;
  const years = (atMs.at(-1)! - atMs[0]!) / YEAR_MS;
  return {
    total,
    shareOfGrossProfit: gross > 0 ? ratio(total, gross) : null,
    bpsOfTurnover: ratio(total * 10_000, turnover),
    turnoverAnnual: ratio(ratio(turnover, mean(equity)), years),
  };
}
