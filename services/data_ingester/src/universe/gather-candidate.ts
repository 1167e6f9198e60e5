import type { Db } from '@aistock/database';
import { findFirst } from '@aistock/ledger';
import { measureCandidate, universeWindow, type Candidate } from '@aistock/market';
import type { BarReader } from '../curated/bar-reader.ts';
import { judgeStream } from '../quality/judge-stream.ts';
import { loadWatch } from '../quality/watched-stream.ts';
import type { ConfiguredStream } from '../stream-spec.ts';

export interface HeldBars {
  readonly db: Db;
  readonly reader: BarReader;
}

export interface CandidateTerms {
  readonly asOfMs: number;
  readonly nowMs: number;
  readonly windowDays: number;
}

/** A scheduled refresh is as of the minute in which it is due. */
const NOW_WITHIN_MS = 60_000;

/**
 * A candidate by the daily bars that had closed by then; where that is now, also by whether its stream may be traded on.
 * What became of the stream later does not count for an earlier time.
 */
export async function gatherCandidate(
  { db, reader }: HeldBars,
  stream: ConfiguredStream,
  { asOfMs, nowMs, windowDays }: CandidateTerms,
): Promise<Omit<Candidate, 'earningsDays'>> {
  const { calendar } = stream;
  const isNow = nowMs - asOfMs < NOW_WITHIN_MS;
  const judged = isNow ? await judgeStream(db, stream, await loadWatch(db, stream)) : undefined;
  const window = universeWindow(asOfMs, windowDays, calendar);
  const bars = window ? await reader.bars(stream, { ...window, asOfMs, limit: windowDays }) : [];
  const firstOpenMs = await findFirst(db, stream.stream);
  const known = bars.length > 0 && firstOpenMs !== null;
  return {
    blocked: judged?.verdict === 'block',
    bars: bars.length,
    expectedBars: windowDays,
    measures: known ? measureCandidate(bars, { calendar, firstOpenMs, asOfMs }) : undefined,
  };
}
