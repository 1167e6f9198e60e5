import type { Db, GapTable, Trx } from '@aistock/database';
import {
  countExpectedBars,
  missingByDay,
  splitGap,
  type BarSchedule,
  type Gap,
  type SplitGap,
} from '@aistock/market';
import { sql, type Insertable, type Selectable } from 'kysely';

export type GapRow = Selectable<GapTable>;

/** Nine values a row, and Postgres takes 65,535 in one statement. */
const GAPS_PER_INSERT = 5_000;

type NewGap = Partial<Insertable<GapTable>>;

export async function noteGaps(
  trx: Trx,
  stream: string,
  gaps: readonly Gap[],
  more: NewGap = {},
): Promise<void> {
  const rows = gaps.map(({ fromMs, toMs, missingBars }) => ({
    ...more,
    stream,
    from_at: new Date(fromMs),
    to_at: new Date(toMs),
    missing_bars: missingBars,
  }));
  for (let from = 0; from < rows.length; from += GAPS_PER_INSERT)
    await trx
      .insertInto('market.gap')
      .values(rows.slice(from, from + GAPS_PER_INSERT))
      .execute();
}

function toGap(row: GapRow): Gap {
  return { fromMs: row.from_at.getTime(), toMs: row.to_at.getTime(), missingBars: row.missing_bars };
}

/** Missing bars of open gaps, in the whole stream and from a time on. */
export async function countOpenMissing(
  db: Db,
  stream: string,
  { recentFromMs, schedule }: { readonly recentFromMs: number; readonly schedule: BarSchedule },
): Promise<{ whole: number; recent: number }> {
  const from = new Date(recentFromMs);
  const open = db.selectFrom('market.gap').where('stream', '=', stream).where('state', '=', 'open');
  const sums = await open
    .select([
      sql<number>`coalesce(sum(missing_bars), 0)::bigint`.as('whole'),
      sql<number>`coalesce(sum(missing_bars) FILTER (WHERE from_at >= ${from}), 0)::bigint`.as('recent'),
    ])
    .executeTakeFirstOrThrow();
  const reaching = await open.selectAll().where('from_at', '<', from).where('to_at', '>', from).execute();
  const inside = reaching.map((gap) => countExpectedBars(recentFromMs, gap.to_at.getTime(), schedule));
  return { whole: sums.whole, recent: sums.recent + inside.reduce((sum, bars) => sum + bars, 0) };
}

/** What is missing, accepted or not, by UTC day. */
export async function missingDays(
  db: Db,
  stream: string,
  schedule: BarSchedule,
): Promise<Map<number, number>> {
  const firstDay = sql<Date>`date_trunc('day', from_at, 'UTC')`;
  const lastDay = sql<Date>`date_trunc('day', to_at - interval '1 millisecond', 'UTC')`;
  const missing = db.selectFrom('market.gap').where('stream', '=', stream).where('state', '<>', 'filled');
  const short = await missing
    .where(firstDay, '=', lastDay)
    .select([firstDay.as('day'), sql<number>`sum(missing_bars)::bigint`.as('bars')])
    .groupBy(firstDay)
    .execute();
  const long = await missing.where(firstDay, '<', lastDay).selectAll().execute();
  const days = new Map(short.map(({ day, bars }) => [day.getTime(), bars]));
  for (const row of long)
    for (const [day, bars] of missingByDay(toGap(row), schedule)) days.set(day, (days.get(day) ?? 0) + bars);
  return days;
}

/** Gaps that overlap a range, whatever became of them, ascending and locked. */
export async function gapsAround(
  trx: Trx,
  stream: string,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<GapRow[]> {
  return trx
    .selectFrom('market.gap')
    .selectAll()
    .where('stream', '=', stream)
    .where('from_at', '<', new Date(range.toMs))
    .where('to_at', '>', new Date(range.fromMs))
    .orderBy('from_at')
    .forUpdate()
    .execute();
}

/** Takes the bars that came late out of a gap: what is left stays open, or accepted, with its history. */
export async function fillGap(
  trx: Trx,
  row: GapRow,
  filling: { readonly opens: readonly number[]; readonly schedule: BarSchedule; readonly at: Date },
): Promise<SplitGap> {
  const { stream, attempts, last_asked_at, state, closed_at, acceptance_id } = row;
  const parts = splitGap(toGap(row), filling.opens, filling.schedule);
  await trx
    .deleteFrom('market.gap')
    .where('stream', '=', stream)
    .where('from_at', '=', row.from_at)
    .execute();
  await noteGaps(trx, stream, parts.open, { attempts, last_asked_at, state, closed_at, acceptance_id });
  const filled = { attempts, last_asked_at, state: 'filled' as const, closed_at: filling.at };
  await noteGaps(trx, stream, parts.filled, filled);
  return parts;
}
