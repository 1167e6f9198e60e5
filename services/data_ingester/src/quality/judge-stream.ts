import type { Db } from '@aistock/database';
import {
  countExpectedBars,
  dayOf,
  expectedOpenBefore,
  isFault,
  qualityVerdict,
  type QualityCounts,
  type Verdict,
} from '@aistock/market';
import { rejectionsOf } from '../market-store.ts';
import { countQuarantined } from '../stream-files.ts';
import { countFindings } from './finding-store.ts';
import { countOpenMissing } from './gap-store.ts';
import { scheduleOf, type Watch, type WatchedStream } from './watched-stream.ts';

export interface Judged {
  readonly verdict: Verdict;
  readonly reasons: string[];
}

/** Whether a stream may be trained and traded on, from what is recorded of it. Without a watch it has no bars. */
export async function judgeStream(db: Db, spec: WatchedStream, watch: Watch | undefined): Promise<Judged> {
  if (watch === undefined || watch.bars === 0) return { verdict: 'block', reasons: ['there are no bars'] };
  const { thresholds } = watch;
  const rejections = await rejectionsOf(db, spec.stream);
  return qualityVerdict(
    {
      gapMeaning: spec.gapMeaning,
      ...(await countsOf(db, spec, watch)),
      faultyBars: rejections
        .filter(({ reason }) => isFault(reason))
        .reduce((sum, { count, accepted }) => sum + count - accepted, 0),
      quarantinedFiles: await countQuarantined(db, spec.stream),
      staleNowBars: staleNowBars(watch),
    },
    thresholds,
  );
}

/** A run that somebody accepted counts as none for as long as it goes on. */
export function staleNowBars({ monitor, staleAcceptedFromMs }: Watch): number {
  return monitor.stale.fromMs === staleAcceptedFromMs ? 0 : monitor.stale.bars;
}

async function countsOf(
  db: Db,
  spec: WatchedStream,
  watch: Watch,
): Promise<{ whole: QualityCounts; recent: QualityCounts }> {
  const schedule = scheduleOf(spec);
  const endMs = watch.lastOpenMs + 1;
  const backMs = expectedOpenBefore(endMs, watch.thresholds.recent_bars, schedule);
  // Findings are kept by day, so the newest bars begin with a day too.
  const recentFromMs = dayOf(Math.max(watch.firstOpenMs, backMs ?? 0));
  const missing = await countOpenMissing(db, spec.stream, { recentFromMs, schedule });
  const findings = await countFindings(db, spec.stream, recentFromMs);
  const expected = countExpectedBars(watch.firstOpenMs, endMs, schedule);
  const recentExpected = countExpectedBars(Math.max(watch.firstOpenMs, recentFromMs), endMs, schedule);
  // Bars of the extended session are held and not expected; the newest bars have as many of them as the others.
  const density = Math.max(1, watch.bars / Math.max(1, expected - missing.whole));
  const recentBars = Math.min(watch.bars, Math.ceil(Math.max(1, recentExpected - missing.recent) * density));
  return {
    whole: {
      bars: watch.bars,
      expectedBars: expected,
      missingBars: missing.whole,
      findings: findings.whole,
    },
    recent: {
      bars: recentBars,
      expectedBars: recentExpected,
      missingBars: missing.recent,
      findings: findings.recent,
    },
  };
}
