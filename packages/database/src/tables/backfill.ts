import type { Generated } from 'kysely';

/** A request for the bars of streams between two times. */
export interface BackfillTable {
  backfill_id: Generated<string>;
  since_at: Date;
  until_at: Date;
  created_at: Generated<Date>;
}

export type BackfillStatus = 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';

/** One stream of a backfill. */
export interface BackfillStreamTable {
  backfill_id: string;
  stream: string;
  status: Generated<BackfillStatus>;
  /** Where the source begins; null until it was asked. */
  from_at: Date | null;
  /** Before the stream's first bar, everything from here on was asked for. */
  asked_at: Date | null;
  /** Grows with each claim. */
  claim_epoch: Generated<number>;
  claimed_by: string | null;
  lease_until: Date | null;
  problem_code: string | null;
  problem_detail: string | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface BackfillTables {
  'market.backfill': BackfillTable;
  'market.backfill_stream': BackfillStreamTable;
}
