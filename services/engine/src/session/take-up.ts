import { ServiceError } from '@aistock/service-kit';
import { usableAccount } from './begin-session.ts';
import { checkPositions } from './check-positions.ts';
import { requireClaim, type Claim } from './claim.ts';
import { recordOf, submit, takeBack, tellNews } from './executor-desk.ts';
import { newestSnapshot, readJournal, readLines } from './journal.ts';
import { SessionCore, type SessionSnapshot } from './session-core.ts';
import type { SessionDeps } from './session-deps.ts';
import { newRun, type SessionRun } from './session-run.ts';
import { endSession, type StoredSession } from './session-store.ts';
import { coreSetup, lookbackBars } from './session-terms.ts';

const LOG_CLOSES_PER_READ = 1_000;

/**
 * Brings a session back to its last close: from its newest snapshot, and from the journal after it. Where that comes to
 * something else than what was decided then, the session has failed for good.
 * @throws ServiceError `journal_mismatch`.
 */
export async function takeUp(deps: SessionDeps, claim: Claim, stored: StoredSession): Promise<SessionRun> {
  try {
    return await decideAgain(deps, claim, stored);
  } catch (error) {
    // The core refuses what cannot be with a RangeError: a snapshot or an event that is not its own.
    const problem =
      error instanceof RangeError
        ? new ServiceError('journal_mismatch', 409, `the journal cannot be read again: ${error.message}`, {
            cause: error,
          })
        : error;
    if (problem instanceof ServiceError && problem.code === 'journal_mismatch')
      await failSession(deps, claim, { code: problem.code, detail: problem.message });
    throw problem;
  }
}

/** Ends a session that must not go on; nothing trades its account until somebody has looked at it. */
export async function failSession(
  deps: SessionDeps,
  claim: Claim,
  problem: { readonly code: string; readonly detail: string },
): Promise<void> {
  deps.metrics.failed(problem.code);
  deps.logger.error('a session failed', { session_id: claim.sessionId, problem });
  await deps.db.transaction().execute(async (trx) => {
    await requireClaim(trx, claim);
    await endSession(trx, claim.sessionId, problem);
  });
}

async function decideAgain(deps: SessionDeps, claim: Claim, stored: StoredSession): Promise<SessionRun> {
  const setup = coreSetup(stored.terms);
  const snapshot = await newestSnapshot(deps.db, claim.sessionId);
  const state = new SessionCore(setup, snapshot.state as SessionSnapshot, {
    lookback: lookbackBars(setup),
    seq: snapshot.seq,
  });
  for (let from = 1; from <= snapshot.seq; from += LOG_CLOSES_PER_READ) {
    const toSeq = Math.min(snapshot.seq, from + LOG_CLOSES_PER_READ - 1);
    state.logBefore(await readLines(deps.db, claim.sessionId, { fromSeq: from, toSeq }));
  }
  const run = newRun({ deps, claim, terms: stored.terms, state, snapshotSeq: snapshot.seq });
  for await (const entry of readJournal(deps.db, claim.sessionId, snapshot.seq)) {
    for (const { decision, line } of state.replay(entry).decisions)
      if (decision.kind === 'slot') run.lastLines.set(decision.slot, line);
  }
  return run;
}

/**
 * Finds out from the executor's record what happened to the orders meanwhile, and finishes what the last close had decided:
 * orders that are to be taken back are taken back, and those that were not sent are sent, under the same decision, unless
 * they must not leave any more.
 * @throws ServiceError `account_unknown`, `not_reconciled`, `equity_unknown`, or `position_unexplained`, before anything is
 * sent.
 */
export async function catchUp(run: SessionRun, terms: { readonly live: boolean }): Promise<void> {
  const { deps, state } = run;
  await usableAccount(deps.neighbours, run.terms.asked.account);
  tellNews(run, await recordOf(run, state.tracker.open));
  for (const order of state.tracker.open) if (order.isTakenBack) await takeBack(run, order);
  await checkPositions(run);
  for (const order of state.tracker.open) if (order.own.status === null) await submit(run, order, terms);
}
