import type { ClosedTrade } from '@aistock/trading/core';

const HEADER = 'slot,instrument,side,quantity,entry_ms,entry_price,exit_ms,exit_price,fees,pnl,reward';

/** Closed trades as CSV: one header, `\n` at the end of each line, amounts as exact decimals, times in Unix ms UTC. */
export function tradesCsv(trades: readonly ClosedTrade[]): string {
  const lines = trades.map((trade) =>
    [
      trade.slot,
      trade.instrument,
      trade.side,
      trade.quantity,
      trade.entryMs,
      trade.entryPrice,
      trade.exitMs,
      trade.exitPrice,
      trade.fees,
      trade.pnl,
      trade.reward,
    ].join(','),
  );
  return [HEADER, ...lines].map((line) => `${line}\n`).join('');
}
