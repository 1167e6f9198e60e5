import type { GeneratedAlways } from 'kysely';

/** A venue that requests are sent to, and until when it wants none. */
export interface VenueBudgetTable {
  venue: string;
  banned_until: Date | null;
  ban_reason: string | null;
  horizon_ms: number;
}

/** Weight let through, summed over tenths of a second. */
export interface VenueSpendTable {
  venue: string;
  at: Date;
  weight: number;
}

/** A request that waits for budget. */
export interface VenueWaiterTable {
  ticket: GeneratedAlways<number>;
  venue: string;
  priority: number;
  weight: number;
  alive_until: Date;
}

/** The tables of schema `venue`, by qualified name. Services read them, and write by its functions only. */
export interface VenueTables {
  'venue.budget': VenueBudgetTable;
  'venue.spend': VenueSpendTable;
  'venue.waiter': VenueWaiterTable;
}
