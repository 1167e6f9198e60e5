import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import { budgetOf, type Budget, type BudgetWindow } from './budget.ts';

/** How much of a venue's budget is used. */
export interface BudgetState {
  readonly venue: string;
  readonly windows: readonly (BudgetWindow & { readonly used: number })[];
  /** Unix ms UTC; null where the venue is open to us. */
  readonly bannedUntilMs: number | null;
  readonly banReason: string | null;
  /** Requests in line. */
  readonly waiting: number;
}

interface VenueRow {
  venue: string;
  banned_until: Date | null;
  ban_reason: string | null;
  waiting: number;
}

/** The state of every venue that was ever asked, in order of their names. */
export async function readBudgets(
  db: Db,
  budgets: Readonly<Record<string, Budget>> = {},
): Promise<BudgetState[]> {
  const { rows: venues } = await sql<VenueRow>`
    SELECT b.venue, live.banned_until, CASE WHEN live.banned_until IS NOT NULL THEN b.ban_reason END AS ban_reason,
      (SELECT count(*) FROM venue.waiter w WHERE w.venue = b.venue AND w.alive_until > clock_timestamp()) AS waiting
    FROM venue.budget b
    CROSS JOIN LATERAL (SELECT CASE WHEN b.banned_until > clock_timestamp() THEN b.banned_until END AS banned_until) live
    ORDER BY b.venue`.execute(db);
  const windows = venues.flatMap(({ venue }) =>
    budgetOf(venue, budgets).windows.map((window) => ({ venue, ...window })),
  );
  const used = await readUsed(db, windows);
  return venues.map((row) => ({
    venue: row.venue,
    windows: windows.flatMap(({ venue, ...window }, i) =>
      venue === row.venue ? [{ ...window, used: used[i] ?? 0 }] : [],
    ),
    bannedUntilMs: row.banned_until?.getTime() ?? null,
    banReason: row.ban_reason,
    waiting: row.waiting,
  }));
}

async function readUsed(db: Db, windows: readonly { venue: string; windowMs: number }[]): Promise<number[]> {
  const { rows } = await sql<{ used: number }>`
    SELECT venue.used(asked.venue, asked.ms, clock_timestamp()) AS used
    FROM unnest(${windows.map(({ venue }) => venue)}::text[], ${windows.map(({ windowMs }) => windowMs)}::bigint[])
      WITH ORDINALITY AS asked (venue, ms, place) ORDER BY asked.place`.execute(db);
  return rows.map((row) => row.used);
}
