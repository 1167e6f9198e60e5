import { ServiceError } from '@aistock/service-kit';
import type { executorApi, Parsed } from '@aistock/shared';
import type { AccountTurns } from '../account-turns.ts';
import { readAccount, storeMark } from '../books/account-view.ts';
import { takeAll, type TakeParts } from '../reconcile/take-all.ts';
import { moveIdleClock, type ClockMove } from './idle-clock.ts';
import { PAPER_VENUE } from './paper-broker.ts';
import type { PaperVenue } from './paper-venue.ts';

export interface AdvanceParts extends TakeParts {
  readonly venue: PaperVenue;
  readonly turns: AccountTurns;
}

/**
 * Lets time pass for a stream of a paper account. Answers the orders that changed.
 * @throws ServiceError `account_unknown`, `not_a_paper_account` or `clock_would_go_back`.
 */
export function advancePaper(
  parts: AdvanceParts,
  { account, stream, to_ms: toMs }: Parsed<typeof executorApi.advancePaper>['body'],
): Promise<ReadonlySet<string>> {
  const instrument = stream.split(':').slice(1, -1).join(':');
  return parts.turns.run(account, () => passTime(parts, { account, stream, instrument, toMs }));
}

async function passTime(parts: AdvanceParts, move: ClockMove): Promise<ReadonlySet<string>> {
  const { db, venue } = parts;
  const idle = await moveIdleClock(db, move);
  if (idle) {
    if (idle.held) await mark(parts, move, await venue.newestBar(move));
    return new Set();
  }
  await refuseOtherVenue(parts, move.account);
  const newest = await venue.advance(move);
  const changed = await takeAll(parts, move.account);
  await mark(parts, move, newest);
  return changed;
}

async function refuseOtherVenue({ db }: AdvanceParts, account: string): Promise<void> {
  const { venue } = await readAccount(db, account);
  if (venue === PAPER_VENUE) return;
  const detail = `${account} is an account at ${venue}; its time passes by itself`;
  throw new ServiceError('not_a_paper_account', 409, detail);
}

async function mark(
  { db }: AdvanceParts,
  { account, instrument }: ClockMove,
  newest: { readonly close: string; readonly openMs: number } | undefined,
): Promise<void> {
  if (newest) await storeMark(db, { account, instrument, price: newest.close, atMs: newest.openMs });
}
