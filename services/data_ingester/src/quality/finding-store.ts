import type { Db, Trx } from '@aistock/database';
import { dayOf, type Finding, type FindingKind } from '@aistock/market';
import { sql } from 'kysely';

/** Seven values a row, and Postgres takes 65,535 in one statement. */
const ROWS_PER_INSERT = 5_000;

interface DayFinding {
  readonly kind: FindingKind;
  readonly dayMs: number;
  readonly bars: number;
  readonly worst: Finding;
}

/** Adds what was found to the days in which the bars open. */
export async function noteFindings(trx: Trx, stream: string, findings: readonly Finding[]): Promise<void> {
  const rows = byDay(findings).map(({ kind, dayMs, bars, worst }) => ({
    stream,
    kind,
    day_at: new Date(dayMs),
    bars,
    worst_open_at: new Date(worst.openMs),
    worst_size: worst.size,
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT)
    await trx
      .insertInto('market.finding')
      .values(rows.slice(from, from + ROWS_PER_INSERT))
      .onConflict((conflict) =>
        conflict.columns(['stream', 'kind', 'day_at']).doUpdateSet((eb) => ({
          bars: eb('market.finding.bars', '+', eb.ref('excluded.bars')),
          worst_size: sql<number>`greatest(finding.worst_size, excluded.worst_size)`,
          worst_open_at: sql<Date>`CASE WHEN excluded.worst_size > finding.worst_size
            THEN excluded.worst_open_at ELSE finding.worst_open_at END`,
        })),
      )
      .execute();
}

function byDay(findings: readonly Finding[]): DayFinding[] {
  const days = new Map<string, DayFinding>();
  for (const finding of findings) {
    const dayMs = dayOf(finding.openMs);
    const key = `${finding.kind} ${dayMs}`;
    const known = days.get(key);
    const worst = known && known.worst.size >= finding.size ? known.worst : finding;
    days.set(key, { kind: finding.kind, dayMs, bars: (known?.bars ?? 0) + finding.bars, worst });
  }
  return [...days.values()];
}

type FindingCounts = Partial<Record<FindingKind, number>>;

/** Bars that were found and not accepted, of the whole stream and of the days from one on. */
export async function countFindings(
  db: Db,
  stream: string,
  recentFromMs: number,
): Promise<{ whole: FindingCounts; recent: FindingCounts }> {
  const open = sql<number>`bars - accepted_bars`;
  const rows = await db
    .selectFrom('market.finding')
    .select([
      'kind',
      sql<number>`sum(${open})::bigint`.as('whole'),
      sql<number>`coalesce(sum(${open}) FILTER (WHERE day_at >= ${new Date(recentFromMs)}), 0)::bigint`.as(
        'recent',
      ),
    ])
    .where('stream', '=', stream)
    .groupBy('kind')
    .execute();
  return {
    whole: Object.fromEntries(rows.map(({ kind, whole }) => [kind, whole])),
    recent: Object.fromEntries(rows.map(({ kind, recent }) => [kind, recent])),
  };
}

/** Accepts what was found of a kind in days before a time. Answers how many bars that were. */
export async function acceptFindings(
  trx: Trx,
  stream: string,
  { kind, untilMs }: { readonly kind: FindingKind; readonly untilMs: number },
): Promise<number> {
  const rows = await trx
    .selectFrom('market.finding')
    .select(['day_at', 'bars', 'accepted_bars'])
    .where('stream', '=', stream)
    .where('kind', '=', kind)
    .where('day_at', '<', new Date(untilMs))
    .whereRef('accepted_bars', '<', 'bars')
    .forUpdate()
    .execute();
  if (rows.length === 0) return 0;
  await trx
    .updateTable('market.finding')
    .set((eb) => ({ accepted_bars: eb.ref('bars') }))
    .where('stream', '=', stream)
    .where('kind', '=', kind)
    .where('day_at', '<', new Date(untilMs))
    .execute();
  return rows.reduce((sum, row) => sum + row.bars - row.accepted_bars, 0);
}
