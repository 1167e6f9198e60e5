import type { Db } from '@aistock/database';
import { PRIORITIES, type PacedRequest } from '@aistock/venues';
import { sql } from 'kysely';
import { fillMax, type Budget } from './budget.ts';

/** What the database says to a request. */
export interface Turn {
  /** 0 where the request may go and is counted. */
  readonly waitMs: number;
  /** The place in the line, to come back with after `waitMs`; null where the request is refused. */
  readonly ticket: number | null;
  /** Why the venue is not to be asked at all. */
  readonly ban: string | null;
}

/** Asks for a turn in one round trip. `patienceMs` is the longest wait that makes sense. */
export async function askForTurn(
  db: Db,
  { venue, weight, priority }: PacedRequest,
  budget: Budget,
  held: { ticket: number | null; patienceMs: number },
): Promise<Turn> {
  const windows = budget.windows.map(({ windowMs }) => windowMs);
  const { rows } = await sql<{ wait_ms: number; ticket: number | null; ban: string | null }>`
    SELECT * FROM venue.take(${venue}, ${weight}::integer, ${PRIORITIES.indexOf(priority)}::smallint,
      ${windows}::bigint[], ${fillMax(budget, priority, weight)}::integer[],
      ${held.ticket}::bigint, ${held.patienceMs}::bigint)`.execute(db);
  const { wait_ms: waitMs, ticket, ban } = rows[0]!;
  return { waitMs, ticket, ban };
}

/** Gives up a place in the line. */
export async function leaveLine(db: Db, ticket: number): Promise<void> {
  await sql`SELECT venue.leave(${ticket})`.execute(db);
}

/** Keeps everybody away from a venue for so long; a ban that lasts longer stays. */
export async function banVenue(db: Db, venue: string, ban: { ms: number; reason: string }): Promise<void> {
  await sql`SELECT venue.ban(${venue}, ${Math.ceil(ban.ms)}::bigint, ${ban.reason})`.execute(db);
}

/** Counts what a venue says was used and was not counted here. */
export async function correctUsed(
  db: Db,
  venue: string,
  used: { windowMs: number; weight: number },
): Promise<void> {
  await sql`SELECT venue.correct(${venue}, ${used.windowMs}::bigint, ${used.weight}::bigint)`.execute(db);
}
