import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '@aistock/database';
import { SourceError, type PacedAnswer, type PacedRequest, type Pacer, type Priority } from '@aistock/venues';
import { askForTurn, banVenue, correctUsed, leaveLine, type Turn } from './budget-store.ts';
import { budgetOf, type Budget } from './budget.ts';
import { toldLimits } from './told-limits.ts';

/** The longest that a request waits in all: an order that leaves late is worse than none. */
const WAIT_MS_MAX: Readonly<Record<Priority, number>> = {
  cancel: 10_000,
  order: 5_000,
  query: 15_000,
  data: 30_000,
};

/** What the database may take for it besides, in ms; what it lets through later than that is not sent. */
const ANSWER_MS_MAX = 3_000;

/** What differs from what is known of venues; waits are in ms, from 0. */
export interface PostgresPacerTerms {
  /** Takes the place of what is known of a venue. */
  readonly budgets?: Readonly<Record<string, Budget>>;
  readonly waitMsMax?: Readonly<Partial<Record<Priority, number>>>;
  /** Told of each answer that could not be written down; a ban among them is kept until it can be. */
  readonly onTrouble?: (error: unknown) => void;
}

/**
 * One budget a venue for every process on the same database, by the database's clock. While the database is away
 * nothing is let through: what the others send cannot be known. An order needs the database anyway; a cancel that must
 * leave all the same can go by `unpaced`, since an order that stays in the market is worse than a ban.
 *
 * Waiting holds no connection and no lock. A process that dies while it waits loses its place when its time has come
 * and five seconds have passed; what it had been let through for counts as sent.
 */
export function postgresPacer(db: Db, terms: PostgresPacerTerms = {}): Pacer {
  if (db.isTransaction)
    throw new TypeError('a budget is taken outside of transactions: everybody else would wait');
  const unsaid = new Map<string, { ms: number; reason: string }>();

  const turn = async (
    request: PacedRequest,
    held: { ticket: number | null; patienceMs: number },
  ): Promise<Turn> => {
    const { venue } = request;
    try {
      const ban = unsaid.get(venue);
      if (ban) await banVenue(db, venue, ban);
      unsaid.delete(venue);
      return await askForTurn(db, request, budgetOf(venue, terms.budgets), held);
    } catch (cause) {
      throw new SourceError('budget_unavailable', `the budget of ${venue} cannot be asked for`, { cause });
    }
  };

  const take = async (request: PacedRequest): Promise<void> => {
    assertPossible(request, budgetOf(request.venue, terms.budgets));
    const { priority, signal } = request;
    let patienceMs = terms.waitMsMax?.[priority] ?? WAIT_MS_MAX[priority];
    const late = AbortSignal.timeout(patienceMs + ANSWER_MS_MAX);
    let ticket: number | null = null;
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { waitMs, ban, ...place } = await turn(request, { ticket, patienceMs });
        ticket = place.ticket;
        if (late.aborted) throw tooLate(request);
        if (waitMs === 0) return;
        if (ticket === null) throw refusal(request, waitMs, ban);
        patienceMs -= waitMs;
        await wait(waitMs, signal);
      }
    } catch (error) {
      // Nobody has to wait for a place that is given up; where this fails, the place ends by itself.
      if (ticket !== null) await leaveLine(db, ticket).catch(terms.onTrouble ?? ignore);
      throw error;
    }
  };

  const note = async (answer: PacedAnswer): Promise<void> => {
    const { venue, status } = answer;
    const { banMs, used } = toldLimits(answer, budgetOf(venue, terms.budgets).windows);
    const ban = banMs === undefined ? undefined : { ms: banMs, reason: `status ${status}` };
    try {
      if (ban) await banVenue(db, venue, ban);
      for (const each of used) await correctUsed(db, venue, each);
    } catch (error) {
      if (ban && ban.ms > (unsaid.get(venue)?.ms ?? 0)) unsaid.set(venue, ban);
      terms.onTrouble?.(error);
    }
  };
  return { take, note };
}

function assertPossible({ venue, weight }: PacedRequest, { windows }: Budget): void {
  if (!Number.isSafeInteger(weight) || weight < 1)
    throw new RangeError(`a weight of ${weight} is not a whole number from 1`);
  const least = Math.min(...windows.map(({ weightMax }) => weightMax));
  if (weight > least) {
    throw new SourceError(
      'source_refused',
      `a request of weight ${weight} never fits: ${venue} allows ${least}`,
    );
  }
}

function refusal({ venue, priority }: PacedRequest, waitMs: number, ban: string | null): SourceError {
  const seconds = Math.ceil(waitMs / 1000);
  const why = ban === null ? `its budget for ${priority} is used up` : `it wants no requests (${ban})`;
  return new SourceError('rate_limited', `${venue}: ${why} for ${seconds} s`, { retryAfterMs: waitMs });
}

function tooLate({ venue }: PacedRequest): SourceError {
  return new SourceError('budget_unavailable', `the budget of ${venue} was told too late`);
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

const ignore = (): void => undefined;
