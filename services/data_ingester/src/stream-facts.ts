import type { Db, StreamTable } from '@aistock/database';
import { findWatermark } from '@aistock/ledger';
import { ServiceError } from '@aistock/service-kit';
import type { Selectable } from 'kysely';
import type { StreamFacts, StreamSpec } from './stream-spec.ts';

/** The facts of a stream as its row tells them. */
export function toFacts(row: Selectable<StreamTable>): StreamFacts {
  const { feed, adjustment, session, tick_size: tickSize } = row;
  return { feed, adjustment, session, tickSize };
}

/** The row that tells the facts of a stream. */
export function factValues({ calendar, gapMeaning, facts, configHash }: StreamSpec) {
  return {
    calendar,
    gap_meaning: gapMeaning,
    feed: facts.feed,
    adjustment: facts.adjustment,
    session: facts.session,
    tick_size: facts.tickSize,
    config_hash: configHash,
  };
}

/** What may not change under a stream that has bars, and where it is said. */
const LASTING = ['calendar', 'feed', 'adjustment', 'session'] as const;

/**
 * New bars must mean what those before them mean: raw prices behind split-adjusted ones would look like a crash. A stream
 * without bars takes any facts.
 * @throws ServiceError 409 `stream_facts_changed` with what to do.
 */
export async function assertSameFacts(db: Db, spec: StreamSpec): Promise<void> {
  const known = await db
    .selectFrom('market.stream')
    .selectAll()
    .where('stream', '=', spec.stream)
    .executeTakeFirst();
  const wanted = factValues(spec);
  const changed = known && LASTING.find((fact) => known[fact] !== wanted[fact] && wasTold(known, fact));
  if (!known || !changed || (await findWatermark(db, spec.stream)) === null) return;
  throw new ServiceError(
    'stream_facts_changed',
    409,
    `${spec.stream} has bars with ${changed} ${known[changed] ?? 'none'} and is configured with ${wanted[changed] ?? 'none'}: ` +
      `give the series a name of its own (name in SOURCES_FILE), or set ${changed} back`,
  );
}

/** Rows from before facts were kept say nothing but the calendar. */
function wasTold(known: Selectable<StreamTable>, fact: (typeof LASTING)[number]): boolean {
  return fact === 'calendar' || known.config_hash !== null;
}
