import { html, type Html } from '@aistock/service-kit';
import type { ClosedTrade } from '@aistock/trading/core';
import { duration, minute, plain, price, signedPercent } from '../figure-text.ts';
import type { ReportInput } from '../report-input.ts';
import { table, type Cell } from '../table.ts';

/** So many from the beginning and from the end are shown. */
const SHOWN = 15;
const headsIn = (currency: string): readonly string[] => [
  '#No.',
  'Instrument',
  'Slot',
  'Side',
  '#Quantity',
  '@In',
  '#Price in',
  '@Out',
  '#Price out',
  '#Held',
  `#Fees, ${currency}`,
  `#Profit, ${currency}`,
  '#Return',
];

/** The first and the last closed trades. */
export function trades({ trades: all, currency }: ReportInput): Html {
  const numbered = all.map((trade, index): Cell[] => cellsOf(trade, index + 1));
  const left = all.length - 2 * SHOWN;
  if (left <= 0) return table(headsIn(currency), numbered);
  return html`<p>
      The first ${SHOWN} and the last ${SHOWN} of ${all.length}; all of them are in the CSV file.
    </p>
    ${table(headsIn(currency), [...numbered.slice(0, SHOWN), ...numbered.slice(-SHOWN)])}`;
}

function cellsOf(trade: ClosedTrade, number: number): Cell[] {
  const { instrument, slot, side, quantity, entryMs, entryPrice, exitMs, exitPrice, fees, pnl, reward } =
    trade;
  return [
    number,
    instrument,
    slot,
    side === 'buy' ? 'long' : 'short',
    price(quantity),
    minute(entryMs),
    price(entryPrice),
    minute(exitMs),
    price(exitPrice),
    duration(exitMs - entryMs),
    plain(Number(fees)),
    plain(Number(pnl)),
    signedPercent(reward, 2),
  ];
}
