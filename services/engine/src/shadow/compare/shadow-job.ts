import type { CostModel } from '@aistock/shared';
import type { BarsByStream, ShadowThresholds } from '@aistock/trading/shadow';
import type { RecordedEntry, Snapshot } from '../../session/journal.ts';
import type { SessionTerms } from '../../session/session-terms.ts';

/** Everything that a day is compared from; plain data, for it goes to another thread. */
export interface ShadowJob {
  readonly terms: SessionTerms;
  readonly costs: CostModel;
  readonly thresholds: ShadowThresholds;
  /** The newest one of before the day, the closes between it and the day, and those of the day. */
  readonly snapshot: Snapshot;
  readonly before: readonly RecordedEntry[];
  readonly closes: readonly RecordedEntry[];
  readonly known: { readonly atEnd: BarsByStream; readonly now: BarsByStream };
  /** What the store had learned by then is what was known when the day was over, Unix ms. */
  readonly knownMs: number;
}
