import { Decimal, decimalText } from '../decimal.ts';
import type { PaperFill } from '../paper/index.ts';

/** A position from its entry to its exit. Amounts are decimal text, times the opens of the bars that filled it. */
export interface Trade {
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly entryMs: number;
  readonly entryPrice: string;
  readonly exitMs: number;
  readonly exitPrice: string;
  readonly fees: string;
  /** After fees. */
  readonly pnl: string;
}

/** The fill that opened what is held. */
export interface EntryFill extends PaperFill {
  readonly filledMs: number;
}

/** The long trade that an exit of the whole position closes. */
export function closeTrade(entry: EntryFill, exit: EntryFill): Trade {
  const fees = new Decimal(entry.fee).plus(exit.fee);
  const gross = new Decimal(exit.price).minus(entry.price).times(entry.quantity);
  return {
    side: 'buy',
    quantity: entry.quantity,
    entryMs: entry.filledMs,
    entryPrice: entry.price,
    exitMs: exit.filledMs,
    exitPrice: exit.price,
    fees: decimalText(fees),
    pnl: decimalText(gross.minus(fees)),
  };
}
