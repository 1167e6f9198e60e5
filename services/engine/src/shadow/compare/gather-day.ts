import type { Db } from '@aistock/database';
import { ServiceError, type Clock } from '@aistock/service-kit';
import { CallError, type CostModel } from '@aistock/shared';
import type { Bar } from '@aistock/market';
import type { BarsByStream, ShadowThresholds } from '@aistock/trading/shadow';
import { barPages, type BarRange } from '../../market-stream.ts';
import type { Neighbours } from '../../neighbours.ts';
import { readJournal, recordedBy, snapshotBefore, type RecordedEntry } from '../../session/journal.ts';
import type { SessionSnapshot } from '../../session/session-core.ts';
import { findSession } from '../../session/session-store.ts';
import type { SessionTerms } from '../../session/session-terms.ts';
import { dayRange } from '../shadow-days.ts';
import type { ShadowJob } from './shadow-job.ts';

/** A bar every ten seconds all day, and the closes since the newest snapshot of before. */
const CLOSES_MAX = 20_000;

interface Sources {
  readonly db: Db;
  readonly neighbours: Neighbours;
  readonly clock: Clock;
  readonly thresholds: ShadowThresholds;
}

/**
 * Reads what a day of a session was decided from, what is known of it now, and what is needed to run it again.
 * @throws ServiceError `session_unknown`, `day_empty`, `day_too_long`, `snapshot_gone`, or `costs_unknown` for an account whose
 * orders no cost model is known for. @throws CallError where a neighbour does not answer.
 */
export async function gatherDay(
  { db, neighbours, clock, thresholds }: Sources,
  { sessionId, day }: { readonly sessionId: string; readonly day: string },
): Promise<ShadowJob> {
  const { terms } = await findSession(db, sessionId);
  const { fromMs, toMs } = dayRange(day);
  const snapshot = await snapshotBefore(db, sessionId, fromMs);
  if (!snapshot)
    throw new ServiceError('snapshot_gone', 409, `no state of session ${sessionId} of before ${day} is kept`);
  const before: RecordedEntry[] = [];
  const closes: RecordedEntry[] = [];
  for await (const entry of readJournal(db, sessionId, snapshot.seq)) {
    if (entry.closeMs > toMs) break;
    (entry.closeMs > fromMs ? closes : before).push(entry);
    if (before.length + closes.length > CLOSES_MAX)
      throw new ServiceError('day_too_long', 409, `more than ${CLOSES_MAX} closes lead to the end of ${day}`);
  }
  const last = closes.at(-1);
  if (!last) throw new ServiceError('day_empty', 409, `session ${sessionId} decided nothing on ${day}`);
  const knownMs = Math.max(toMs, await recordedBy(db, sessionId, last.seq));
  const { bars: seen } = snapshot.state as SessionSnapshot;
  const read = (times: Pick<BarRange, 'asOfMs' | 'knownMs'>): Promise<BarsByStream> =>
    readBars(neighbours, terms, (stream) => ({
      fromMs: seen[stream]?.[0]?.openMs ?? fromMs,
      toMs,
      ...times,
    }));
  const costs = await costsOf(neighbours, terms.asked.account);
  const known = {
    atEnd: await read({ asOfMs: knownMs, knownMs }),
    now: await read({ asOfMs: clock.nowMs() }),
  };
  return { terms, costs, thresholds, snapshot, before, closes, known, knownMs };
}

async function readBars(
  neighbours: Neighbours,
  { streams }: SessionTerms,
  rangeOf: (stream: string) => BarRange,
): Promise<BarsByStream> {
  const read = new Map<string, Bar[]>();
  for (const stream of streams) {
    const bars: Bar[] = [];
    for await (const page of barPages(neighbours, stream, rangeOf(stream.id))) bars.push(...page);
    read.set(stream.id, bars);
  }
  return read;
}

async function costsOf({ executor }: Neighbours, account: string): Promise<CostModel> {
  try {
    return (await executor.paperAccount({ params: { account } })).costs;
  } catch (error) {
    if (!(error instanceof CallError && error.status === 404)) throw error;
    const detail = `account ${account} is no paper account, and no cost model of it is known`;
    throw new ServiceError('costs_unknown', 409, detail, { cause: error });
  }
}
