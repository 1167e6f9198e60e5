import type { Db, StreamTable, Trx } from '@aistock/database';
import type { RejectionCount, RejectionReason } from '@aistock/market';
import type { Selectable } from 'kysely';
import { assertSameFacts, factValues, toFacts } from './stream-facts.ts';
import type { StreamSpec } from './stream-spec.ts';

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

const PASSING: readonly RejectionReason[] = ['open_bar', 'before_watermark'];

/** Without bars that come again, or came before. */
export function countedRejections(rejected: readonly RejectionCount[]): RejectionCount[] {
  return rejected.filter(({ reason }) => !PASSING.includes(reason));
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

/** Gaps that are not filled, by stream. */
export async function gapCounts(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('market.gap')
    .select(({ fn }) => ['stream', fn.countAll<number>().as('gaps')])
    .where('state', '<>', 'filled')
    .groupBy('stream')
    .execute();
  return new Map(rows.map(({ stream, gaps }) => [stream, gaps]));
}

export interface CountedRejection extends RejectionCount {
  /** How many of them a named person accepted. */
  readonly accepted: number;
}

export async function rejectionsOf(db: Db, stream: string): Promise<CountedRejection[]> {
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
    accepted: row.accepted_bars,
    firstOpenMs: row.first_open_at?.getTime() ?? null,
  }));
}

function toNoted(row: Selectable<StreamTable>): StreamSpec {
  const { stream, source, instrument, timeframe, calendar } = row;
  const { gap_meaning: gapMeaning, config_hash: configHash } = row;
  return { stream, source, instrument, timeframe, calendar, gapMeaning, facts: toFacts(row), configHash };
}
