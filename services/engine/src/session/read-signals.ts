import type { Db } from '@aistock/database';
import type { engineApi, Parsed, Signal } from '@aistock/shared';
import { verdictOf } from './read-line.ts';
import type { SessionTerms } from './session-terms.ts';

type Query = Parsed<typeof engineApi.signals>['query'];

const SIGNALS_DEFAULT = 100;
const CLOSES_PER_READ = 500;
/** Closes that are looked through for signals that fit. */
const CLOSES_MAX = 10_000;

interface Row {
  readonly session_id: string;
  readonly account: string;
  readonly terms: unknown;
  readonly lines: readonly string[];
}

/** What was decided, newest first, of whatever session and process. */
export async function readSignals(db: Db, query: Query): Promise<Signal[]> {
  const limit = query.limit ?? SIGNALS_DEFAULT;
  const found: Signal[] = [];
  for (let offset = 0; offset < CLOSES_MAX && found.length < limit; offset += CLOSES_PER_READ) {
    const rows = await readCloses(db, query, offset);
    for (const row of rows) found.push(...signalsOf(row).filter((signal) => fits(signal, query)));
    if (rows.length < CLOSES_PER_READ) break;
  }
  return found.slice(0, limit);
}

function readCloses(db: Db, query: Query, offset: number): Promise<Row[]> {
  const { session_id: sessionId, account, from_ms: fromMs, to_ms: toMs } = query;
  return db
    .selectFrom('engine.journal as journal')
    .innerJoin('engine.session as session', 'session.session_id', 'journal.session_id')
    .select(['journal.session_id', 'session.account', 'session.terms', 'journal.lines'])
    .$if(sessionId !== undefined, (rows) => rows.where('journal.session_id', '=', sessionId ?? ''))
    .$if(account !== undefined, (rows) => rows.where('session.account', '=', account ?? ''))
    .$if(fromMs !== undefined, (rows) => rows.where('journal.closed_at', '>=', new Date(fromMs ?? 0)))
    .$if(toMs !== undefined, (rows) => rows.where('journal.closed_at', '<=', new Date(toMs ?? 0)))
    .orderBy('journal.closed_at', 'desc')
    .orderBy('journal.session_id')
    .orderBy('journal.seq', 'desc')
    .limit(CLOSES_PER_READ)
    .offset(offset)
    .execute();
}

function signalsOf({ session_id, account, terms, lines }: Row): Signal[] {
  const { asked, streams } = terms as SessionTerms;
  return lines.flatMap((line) => {
    const verdict = verdictOf(line);
    const slot = asked.slots.find(({ id }) => id === verdict?.slot);
    const stream = streams.find(({ id }) => id === slot?.streams[0]);
    if (!verdict || !slot || !stream) return [];
    const { strategy } = slot;
    return [{ ...verdict, session_id, account, strategy, instrument: stream.instrument, stream: stream.id }];
  });
}

function fits(signal: Signal, { slot, strategy, instrument, stream }: Query): boolean {
  return (
    (slot === undefined || signal.slot === slot) &&
    (strategy === undefined || signal.strategy === strategy) &&
    (instrument === undefined || signal.instrument === instrument) &&
    (stream === undefined || signal.stream === stream)
  );
}
