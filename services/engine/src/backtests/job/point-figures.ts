import { createHash } from 'node:crypto';
import type { BacktestOutcome, PointFigures } from '@aistock/shared';
import type { BacktestResult } from '@aistock/trading/backtest';
import type { ClosedTrade } from '@aistock/trading/core';
import { performance, type Performance, type PerformanceInput } from '@aistock/trading/metrics';

/** What the metrics are computed from; no benchmark where none is given. */
export function performanceOf(
  result: BacktestResult,
  calendar: PerformanceInput['calendar'],
  benchmark: Float64Array | null = null,
): Performance {
  const { equityMs, equity, trades, exposure, costs } = result;
  return performance({ curve: { atMs: equityMs, equity }, calendar, trades, exposure, costs, benchmark });
}

/** The figures by which points of a study are compared. */
export function pointFigures(result: BacktestResult, told: Performance): PointFigures {
  return {
    equity_end: result.equityEnd,
    return_total: told.totalReturn,
    cagr: told.cagr,
    sharpe: told.daily.sharpe,
    sortino: told.daily.sortino,
    calmar: told.calmar,
    drawdown_max: told.drawdown.max,
    profit_factor: told.trades.profitFactor,
    trades: result.trades.length,
    hit_rate: told.trades.hitRate,
    exposure: result.exposure,
    fees: result.costs.fees,
    trades_sha256: tradesSha256(result.trades),
  };
}

/** Over all trades, one line each: a faster program that trades otherwise has another hash. */
function tradesSha256(trades: readonly ClosedTrade[]): string {
  const hash = createHash('sha256');
  for (const { slot, side, quantity, entryMs, entryPrice, exitMs, exitPrice, fees, pnl } of trades)
    hash
      .update([slot, side, quantity, entryMs, entryPrice, exitMs, exitPrice, fees, pnl].join(','))
      .update('\n');
  return hash.digest('hex');
}

export function ordersToWire({ orders }: BacktestResult): BacktestOutcome['orders'] {
  const { exitsFilled, staleFills, ...counts } = orders;
  return { ...counts, exits_filled: exitsFilled, stale_fills: staleFills };
}
