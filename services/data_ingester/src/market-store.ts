import type { Db, StreamTable, Trx } from '@aistock/database';
import type { Gap, RejectionCount, RejectionReason } from '@aistock/market';
import type { Selectable } from 'kysely';
import { assertSameFacts, factValues, toFacts } from './stream-facts.ts';
import type { StreamSpec } from './stream-spec.ts';

/** Four values a row, and Postgres takes 65,535 in one statement. */
const GAPS_PER_INSERT = 10_000;

/**
 * Notes a stream as it is configured now.
 * @throws ServiceError 409 `stream_facts_changed` where its bars so far mean something else.
 */
export async function noteStream(trx: Trx, spec: StreamSpec): Promise<void> {
  const { stream, source, instrument, timeframe } = spec;
  await assertSameFacts(trx, spec);
  const facts = factValues(spec);
  await trx
    .insertInto('market.stream')
    .values({ stream, source, instrument, timeframe, ...facts })
    .onConflict((conflict) => conflict.column('stream').doUpdateSet(facts))
    .execute();
}

export async function noteGaps(trx: Trx, stream: string, gaps: readonly Gap[]): Promise<void> {
  const rows = gaps.map(({ fromMs, toMs, missingBars }) => ({
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

/** Adds to the counters of what was not taken. */
export async function noteRejections(
  trx: Trx,
  stream: string,
  rejected: readonly RejectionCount[],
): Promise<void> {
  for (const { reason, count, firstOpenMs } of rejected)
    await trx
      .insertInto('market.rejection')
      .values({
        stream,
        reason,
        bars: count,
        first_open_at: firstOpenMs === null ? null : new Date(firstOpenMs),
      })
      .onConflict((conflict) =>
        conflict
          .columns(['stream', 'reason'])
          .doUpdateSet((eb) => ({ bars: eb('market.rejection.bars', '+', eb.ref('excluded.bars')) })),
      )
      .execute();
}

/** Every stream that was ever noted. */
export async function notedStreams(db: Db): Promise<StreamSpec[]> {
  const rows = await db.selectFrom('market.stream').selectAll().orderBy('stream').execute();
  return rows.map(toNoted);
}

export async function gapsOf(db: Db, stream: string): Promise<Gap[]> {
  const rows = await db
    .selectFrom('market.gap')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('from_at')
    .execute();
  return rows.map((row) => ({
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
    missingBars: row.missing_bars,
  }));
}

export async function gapCounts(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('market.gap')
    .select(({ fn }) => ['stream', fn.countAll<number>().as('gaps')])
    .groupBy('stream')
    .execute();
  return new Map(rows.map(({ stream, gaps }) => [stream, gaps]));
}

export async function rejectionsOf(db: Db, stream: string): Promise<RejectionCount[]> {
  const rows = await db
    .selectFrom('market.rejection')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('reason')
    .execute();
  return rows.map((row) => ({
    // Only this service writes the table, and only reasons.
    reason: row.reason as RejectionReason,
    count: row.bars,
    firstOpenMs: row.first_open_at?.getTime() ?? null,
  }));
}

function toNoted(row: Selectable<StreamTable>): StreamSpec {
  const { stream, source, instrument, timeframe, calendar } = row;
  const { gap_meaning: gapMeaning, config_hash: configHash } = row;
  return { stream, source, instrument, timeframe, calendar, gapMeaning, facts: toFacts(row), configHash };
}
