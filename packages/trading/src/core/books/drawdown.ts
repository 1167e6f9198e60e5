import type { CoreState } from '../core-state.ts';

type Account = Pick<CoreState, 'books' | 'equityPeak' | 'setup'>;

/** Share of the account's equity below its highest at a close so far, from 0; null while it is unknown. */
export function drawdownOf({ books, equityPeak }: Account): number | null {
  const equity = books.equityFloat;
  return equity === null || !(equityPeak > 0) ? null : Math.max(0, 1 - equity / equityPeak);
}

/**
 * Whether the account has fallen so far that nothing is entered. The peak never falls by itself: what is still held may win
 * the way back, and once all is flat the stop stays until somebody begins anew, whose peak is the cash of then.
 */
export function isDrawdownStopped(account: Account): boolean {
  const cut = account.setup.sizing.drawdownCut;
  const drawdown = drawdownOf(account);
  return cut !== null && drawdown !== null && drawdown >= cut.to;
}
