import { type Cell, duration, minute, plain, price, signedPercent, table } from '@aistock/report';
import { html, type Html } from '@aistock/service-kit';
import type { ClosedTrade } from '@aistock/trading/core';
import type { ReportInput } from '../report-input.ts';

/** So many from the beginning and from the end are shown. */
const SHOWN = 15;

interface Column {
  readonly head: string;
  readonly cell: (trade: ClosedTrade) => Cell;
}

/** The first and the last closed trades. */
export function trades({ trades: all, currency }: ReportInput): Html {
  const columns = columnsOf(all, currency);
  const left = all.length - 2 * SHOWN;
  const numbered = all.map((trade, index) => ({ trade, number: index + 1 }));
  const shown = left > 0 ? [...numbered.slice(0, SHOWN), ...numbered.slice(-SHOWN)] : numbered;
  const told = table(
    ['#No.', ...columns.map(({ head }) => head)],
    shown.map(({ trade, number }) => [number, ...columns.map(({ cell }) => cell(trade))]),
  );
  if (left <= 0) return told;
  return html`<p>
      The first ${SHOWN} and the last ${SHOWN} of ${all.length}; all of them are in the CSV file.
    </p>
    ${told}`;
}

/** What is the same for every trade has no column. */
function columnsOf(all: readonly ClosedTrade[], currency: string): Column[] {
  const differ = (of: (trade: ClosedTrade) => string): boolean => new Set(all.map(of)).size > 1;
  const names: readonly Column[] = [
    { head: 'Instrument', cell: ({ instrument }: ClosedTrade) => instrument },
    { head: 'Slot', cell: ({ slot }: ClosedTrade) => slot },
  ].filter(({ cell }) => differ(cell));
  return [
    ...names,
    { head: 'Side', cell: ({ side }) => (side === 'buy' ? 'long' : 'short') },
    { head: '#Quantity', cell: ({ quantity }) => price(quantity) },
    { head: '@In', cell: ({ entryMs }) => minute(entryMs) },
    { head: '#Price in', cell: ({ entryPrice }) => price(entryPrice) },
    { head: '@Out', cell: ({ exitMs }) => minute(exitMs) },
    { head: '#Price out', cell: ({ exitPrice }) => price(exitPrice) },
    { head: '#Held', cell: ({ entryMs, exitMs }) => duration(exitMs - entryMs) },
    { head: `#Fees, ${currency}`, cell: ({ fees }) => plain(Number(fees)) },
    { head: `#Profit, ${currency}`, cell: ({ pnl }) => plain(Number(pnl)) },
    { head: '#Return', cell: ({ reward }) => signedPercent(reward, 2) },
  ];
}
