import type { Db } from '@aistock/database';
import { countExpectedBars, qualityVerdict } from '@aistock/market';
import { dataIngesterApi, type Output } from '@aistock/shared';
import { toWireGaps, toWireRejections } from './ingest-result.ts';
import { gapsOf, rejectionsOf } from './market-store.ts';
import { countBars, countQuarantined } from './stream-files.ts';
import type { StreamSpec } from './stream-spec.ts';

/** What is known of a stream's bars, and whether they are good enough to train and trade on. */
export async function streamQuality(
  db: Db,
  { stream, timeframe, calendar, gapMeaning }: StreamSpec,
): Promise<Output<typeof dataIngesterApi.quality>> {
  const held = (await countBars(db, stream)).get(stream);
  const gaps = await gapsOf(db, stream);
  const rejected = await rejectionsOf(db, stream);
  const quarantinedFiles = await countQuarantined(db, stream);
  const missingBars = gaps.reduce((sum, gap) => sum + gap.missingBars, 0);
  const expectedBars = held
    ? countExpectedBars(held.firstOpenMs, held.lastOpenMs + 1, { timeframe, calendar })
    : 0;
  const bars = held?.bars ?? 0;
  return {
    stream,
    bars,
    expected_bars: expectedBars,
    missing_bars: missingBars,
    gaps: toWireGaps(gaps),
    gap_meaning: gapMeaning,
    rejected: toWireRejections(rejected),
    quarantined_files: quarantinedFiles,
    ...qualityVerdict({ bars, expectedBars, missingBars, gapMeaning, rejected, quarantinedFiles }),
  };
}
