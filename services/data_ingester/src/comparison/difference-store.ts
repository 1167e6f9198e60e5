import type { ComparisonTable, Db, DifferenceTable, Trx } from '@aistock/database';
import type { DifferenceKind, StreamDifferences } from '@aistock/shared';
import { sql, type Selectable } from 'kysely';
import type { DayOfDifferences } from './differences-by-day.ts';

const DIFFERENCES_TOLD_MAX = 1_000;
const PROBLEM_CHARACTERS_MAX = 1_000;

/** What came of comparing one chunk. */
export interface Compared {
  readonly stream: string;
  readonly against: string;
  readonly comparedBars: number;
  readonly undecidedBars: number;
  readonly skippedBars: number;
  /** Why bars were skipped. */
  readonly problem: string | undefined;
  readonly days: readonly DayOfDifferences[];
}

/** Adds what came of a comparison to what is known, all of it or nothing. `nowMs` is when, Unix ms UTC. */
export async function noteComparison(db: Db, compared: Compared, nowMs: number): Promise<void> {
  const { stream, against, comparedBars, undecidedBars, skippedBars, problem } = compared;
  await db.transaction().execute(async (trx) => {
    await sql`
      INSERT INTO market.comparison AS c
      VALUES (${stream}, ${against}, ${comparedBars}, ${undecidedBars}, ${skippedBars},
        ${problem?.slice(0, PROBLEM_CHARACTERS_MAX) ?? null}, ${problem === undefined ? null : new Date(nowMs)})
      ON CONFLICT (stream, against) DO UPDATE SET
        compared_bars = c.compared_bars + excluded.compared_bars,
        undecided_bars = c.undecided_bars + excluded.undecided_bars,
        skipped_bars = c.skipped_bars + excluded.skipped_bars,
        last_problem = coalesce(excluded.last_problem, c.last_problem),
        last_problem_at = coalesce(excluded.last_problem_at, c.last_problem_at)`.execute(trx);
    for (const day of compared.days) await noteDay(trx, compared, day);
  });
}

async function noteDay(
  trx: Trx,
  { stream, against }: Compared,
  { kind, dayMs, bars, worst }: DayOfDifferences,
): Promise<void> {
  await sql`
    INSERT INTO market.difference AS d
    VALUES (${stream}, ${against}, ${kind}, ${new Date(dayMs)}, ${bars}, ${new Date(worst.openMs)}, ${worst.field},
      ${worst.bps}, ${worst.ours}, ${worst.theirs})
    ON CONFLICT (stream, against, kind, day_at) DO UPDATE SET
      bars = d.bars + excluded.bars,
      worst_open_at = ${worse('worst_open_at')},
      worst_field = ${worse('worst_field')},
      worst_bps = ${worse('worst_bps')},
      worst_ours = ${worse('worst_ours')},
      worst_theirs = ${worse('worst_theirs')}`.execute(trx);
}

/** Of two chunks of one day the worse one is shown; a missing bar is no worse than another, so the first one stays. */
function worse(column: string) {
  return sql`CASE WHEN excluded.worst_bps > d.worst_bps THEN ${sql.ref(`excluded.${column}`)} ELSE ${sql.ref(`d.${column}`)} END`;
}

/** How far a stream was compared, with whom, and what differs, the newest days first: all as of one moment. */
export async function streamDifferences(db: Db, stream: string): Promise<StreamDifferences> {
  const moment = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return moment.execute(async (trx) => {
    const days = await trx
      .selectFrom('market.difference')
      .selectAll()
      .where('stream', '=', stream)
      .orderBy('day_at', 'desc')
      .orderBy('against')
      .orderBy('kind')
      .limit(DIFFERENCES_TOLD_MAX)
      .execute();
    return { stream, comparisons: await comparisonsOf(trx, stream), differences: days.map(toWire) };
  });
}

/** How far a stream was compared, and how many bars differ. */
export async function comparisonsOf(db: Db, stream: string): Promise<StreamDifferences['comparisons']> {
  const { rows } = await sql<Selectable<ComparisonTable> & Record<DifferenceKind, number>>`
    SELECT c.*,
      coalesce(sum(d.bars) FILTER (WHERE kind = 'price'), 0)::bigint AS price,
      coalesce(sum(d.bars) FILTER (WHERE kind = 'volume'), 0)::bigint AS volume,
      coalesce(sum(d.bars) FILTER (WHERE kind = 'missing_here'), 0)::bigint AS missing_here,
      coalesce(sum(d.bars) FILTER (WHERE kind = 'missing_there'), 0)::bigint AS missing_there
    FROM market.comparison AS c LEFT JOIN market.difference AS d USING (stream, against)
    WHERE stream = ${stream} GROUP BY c.stream, c.against ORDER BY against`.execute(db);
  return rows.map(({ last_problem: detail, last_problem_at: at, ...row }) => ({
    against: row.against,
    compared_bars: row.compared_bars,
    undecided_bars: row.undecided_bars,
    skipped_bars: row.skipped_bars,
    last_problem: detail === null || at === null ? null : { detail, at_ms: at.getTime() },
    differing_bars: {
      price: row.price,
      volume: row.volume,
      missing_here: row.missing_here,
      missing_there: row.missing_there,
    },
  }));
}

function toWire(row: Selectable<DifferenceTable>): StreamDifferences['differences'][number] {
  const { against, kind, bars } = row;
  const { worst_field: field, worst_bps: bps, worst_ours: ours, worst_theirs: theirs } = row;
  const told = field !== null && bps !== null && ours !== null && theirs !== null;
  return {
    against,
    kind,
    day_ms: row.day_at.getTime(),
    bars,
    worst: { open_ms: row.worst_open_at.getTime(), value: told ? { field, bps, ours, theirs } : null },
  };
}
