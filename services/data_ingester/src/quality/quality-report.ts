import type { AcceptanceTable, Db } from '@aistock/database';
import { countExpectedBars, coverageOf } from '@aistock/market';
import type { dataIngesterApi, Output } from '@aistock/shared';
import { QualityThresholds } from '@aistock/shared';
import { sql, type Selectable } from 'kysely';
import { comparisonsOf } from '../comparison/difference-store.ts';
import { toWireRejections } from '../ingest-result.ts';
import { rejectionsOf } from '../market-store.ts';
import { countQuarantined } from '../stream-files.ts';
import { missingDays, type GapRow } from './gap-store.ts';
import { judgeStream } from './judge-stream.ts';
import { loadWatch, scheduleOf, type Watch, type WatchedStream } from './watched-stream.ts';

export type QualityReport = Output<typeof dataIngesterApi.quality>;
export type WireAcceptance = QualityReport['acceptances'][number];

const GAPS_TOLD_MAX = 1_000;
const ACCEPTANCES_TOLD_MAX = 100;
const EXAMPLES_MAX = 5;
/** Cells of the coverage: two years of days, or fourteen of weeks. */
const CELLS_MAX = 732;

/** Everything that is known of a stream's bars, and whether they are good enough to train and trade on. */
export async function qualityReport(db: Db, spec: WatchedStream): Promise<QualityReport> {
  const { stream, gapMeaning } = spec;
  const watch = await loadWatch(db, spec);
  const judged = await judgeStream(db, spec, watch);
  const counts = await gapsByState(db, stream);
  return {
    stream,
    ...judged,
    since_ms: watch?.judged?.since_at.getTime() ?? null,
    bars: watch?.bars ?? 0,
    expected_bars: watch ? countExpectedBars(watch.firstOpenMs, watch.lastOpenMs + 1, scheduleOf(spec)) : 0,
    missing_bars: counts.missing,
    gaps: await gapsTold(db, stream),
    gap_counts: counts.gaps,
    gap_meaning: gapMeaning,
    rejected: toWireRejections(await rejectionsOf(db, stream)),
    findings: await findingsTold(db, stream),
    quarantined_files: await countQuarantined(db, stream),
    thresholds: watch?.thresholds ?? spec.quality ?? QualityThresholds.parse({}),
    acceptances: await acceptancesTold(db, stream),
    coverage: await coverageTold(db, spec, watch),
    comparisons: await comparisonsOf(db, stream),
  };
}

async function gapsByState(
  db: Db,
  stream: string,
): Promise<{ gaps: QualityReport['gap_counts']; missing: number }> {
  const rows = await db
    .selectFrom('market.gap')
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('gaps'),
      sql<number>`sum(missing_bars)::bigint`.as('bars'),
    ])
    .where('stream', '=', stream)
    .groupBy('state')
    .execute();
  const gaps = { open: 0, filled: 0, accepted: 0 };
  for (const row of rows) gaps[row.state] = row.gaps;
  const missing = rows.filter(({ state }) => state !== 'filled').reduce((sum, { bars }) => sum + bars, 0);
  return { gaps, missing };
}

async function gapsTold(db: Db, stream: string): Promise<QualityReport['gaps']> {
  const rows = await db
    .selectFrom('market.gap')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy(sql`array_position(ARRAY['open', 'accepted', 'filled'], state)`)
    .orderBy('from_at')
    .limit(GAPS_TOLD_MAX)
    .execute();
  return rows.map(toWireGap);
}

function toWireGap(row: GapRow): QualityReport['gaps'][number] {
  return {
    from_ms: row.from_at.getTime(),
    to_ms: row.to_at.getTime(),
    missing_bars: row.missing_bars,
    state: row.state,
    attempts: row.attempts,
    last_asked_ms: row.last_asked_at?.getTime() ?? null,
    closed_ms: row.closed_at?.getTime() ?? null,
  };
}

async function findingsTold(db: Db, stream: string): Promise<QualityReport['findings']> {
  const sums = await db
    .selectFrom('market.finding')
    .select(({ fn }) => [
      'kind',
      sql<number>`sum(bars)::bigint`.as('bars'),
      sql<number>`sum(accepted_bars)::bigint`.as('accepted_bars'),
      fn.countAll<number>().as('days'),
    ])
    .where('stream', '=', stream)
    .groupBy('kind')
    .orderBy('kind')
    .execute();
  const told: QualityReport['findings'] = [];
  for (const sum of sums) {
    const worst = await db
      .selectFrom('market.finding')
      .select(['day_at', 'bars', 'worst_open_at', 'worst_size'])
      .where('stream', '=', stream)
      .where('kind', '=', sum.kind)
      .orderBy('worst_size', 'desc')
      .orderBy('day_at')
      .limit(EXAMPLES_MAX)
      .execute();
    const examples = worst.map((day) => ({
      day_ms: day.day_at.getTime(),
      bars: day.bars,
      worst_open_ms: day.worst_open_at.getTime(),
      worst_size: day.worst_size,
    }));
    told.push({ ...sum, examples });
  }
  return told;
}

async function acceptancesTold(db: Db, stream: string): Promise<WireAcceptance[]> {
  const rows = await db
    .selectFrom('market.acceptance')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('accepted_at', 'desc')
    .limit(ACCEPTANCES_TOLD_MAX)
    .execute();
  return rows.map(toWireAcceptance);
}

export function toWireAcceptance(row: Selectable<AcceptanceTable>): WireAcceptance {
  const { acceptance_id, kind, bars, accepted_by: by, reason } = row;
  return {
    acceptance_id,
    // Only this service writes the table, and only kinds.
    kind: kind as WireAcceptance['kind'],
    bars,
    until_ms: row.until_at.getTime(),
    by,
    reason,
    accepted_ms: row.accepted_at.getTime(),
  };
}

async function coverageTold(
  db: Db,
  spec: WatchedStream,
  watch: Watch | undefined,
): Promise<QualityReport['coverage']> {
  if (!watch) return { unit: 'day', cells: [] };
  const schedule = scheduleOf(spec);
  const missing = await missingDays(db, spec.stream, schedule);
  const { unit, cells } = coverageOf(watch, missing, { ...schedule, cellsMax: CELLS_MAX });
  return {
    unit,
    cells: cells.map((cell) => ({
      from_ms: cell.fromMs,
      expected: cell.expected,
      held: cell.expected - cell.missing,
    })),
  };
}
