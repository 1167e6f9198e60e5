import type { Db } from '@aistock/database';
import { sql } from 'kysely';
import { PAPER_VENUE } from './paper-broker.ts';

export interface ClockMove {
  readonly account: string;
  readonly stream: string;
  readonly instrument: string;
  readonly toMs: number;
}

/**
 * Moves the clock of a stream where nothing can happen on the way: no order works at the venue or is open in our
 * books, and every fill was taken. Answers whether the instrument is held, so that it needs a price; undefined where
 * there is more to do, or the clock would go back, and then nothing was changed. One statement, since most bars are such.
 */
export async function moveIdleClock(
  db: Db,
  { account, stream, instrument, toMs }: ClockMove,
): Promise<{ held: boolean } | undefined> {
  const { rows } = await sql<{ held: boolean }>`
    WITH idle AS (
      SELECT account FROM trading.account own
      WHERE account = ${account} AND venue = ${PAPER_VENUE}
        AND NOT EXISTS (
          SELECT FROM trading.paper_order o
          WHERE o.account = own.account AND o.stream = ${stream} AND o.status = 'working'
        )
        AND NOT EXISTS (
          SELECT FROM trading.paper_fill f
          WHERE f.account = own.account
            AND f.fill_number > CASE WHEN own.venue = ${PAPER_VENUE} THEN COALESCE(own.fill_cursor, '0')::bigint END
        )
        AND NOT EXISTS (
          SELECT FROM trading.orders o
          WHERE o.account = own.account AND o.status IN ('SENDING', 'UNKNOWN', 'WORKING', 'PARTIALLY_FILLED')
        )
    ), moved AS (
      INSERT INTO trading.paper_clock AS known (account, stream, clock)
      SELECT account, ${stream}, ${new Date(toMs)}::timestamptz FROM idle
      ON CONFLICT (account, stream) DO UPDATE SET clock = excluded.clock WHERE known.clock <= excluded.clock
      RETURNING account
    )
    SELECT EXISTS (
      SELECT FROM trading.position p
      WHERE p.account = moved.account AND p.instrument = ${instrument} AND p.quantity <> 0
    ) AS held
    FROM moved`.execute(db);
  return rows[0];
}
