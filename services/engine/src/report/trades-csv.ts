import type { ClosedTrade } from '@aistock/trading/core';

const COLUMNS: Readonly<Record<string, (trade: ClosedTrade) => string>> = {
  slot: ({ slot }) => slot,
  instrument: ({ instrument }) => instrument,
  side: ({ side }) => side,
  quantity: ({ quantity }) => quantity,
  entry_ms: ({ entryMs }) => String(entryMs),
  entry_time: ({ entryMs }) => new Date(entryMs).toISOString(),
  entry_price: ({ entryPrice }) => entryPrice,
  exit_ms: ({ exitMs }) => String(exitMs),
  exit_time: ({ exitMs }) => new Date(exitMs).toISOString(),
  exit_price: ({ exitPrice }) => exitPrice,
  fees: ({ fees }) => fees,
  pnl: ({ pnl }) => pnl,
  reward: ({ reward }) => String(reward),
  config_id: ({ configId }) => configId,
};
const NUMBER = /^-?\d+(\.\d+)?(e[+-]\d+)?$/;
/** What makes a spreadsheet take a cell for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Closed trades as CSV (RFC 4180): a header, a line each, amounts as exact decimals, times both in Unix ms and in UTC. Text
 * that a spreadsheet would run as a formula begins with an apostrophe; numbers stay numbers.
 */
export function tradesCsv(trades: readonly ClosedTrade[]): string {
  const rows = trades.map((trade) => Object.values(COLUMNS).map((read) => cellText(read(trade))));
  return [Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellText(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
