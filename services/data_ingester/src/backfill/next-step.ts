import { closeMs, expectedOpens, type BarSchedule } from '@aistock/market';
import type { BackfillClaim } from './backfill-claim.ts';

/** What the ledger holds of a stream; null where it holds nothing. Unix ms UTC. */
export interface HeldRange {
  readonly firstMs: number | null;
  readonly watermarkMs: number | null;
}

/**
 * `ask_start`: find out where the source begins, before going back further than it can. `earlier`: what is right before
 * the stream's first bar, so that it never has a hole that nobody knows of. `next`: what is after its last one.
 */
export type BackfillStep =
  | { readonly kind: 'ask_start' }
  | { readonly kind: 'earlier'; readonly sinceMs: number; readonly askedMs: number | undefined }
  | { readonly kind: 'next' }
  | { readonly kind: 'done' };

/** What to do next for a stream that is to hold the bars between two times. */
export function nextStep(
  claim: Pick<BackfillClaim, 'sinceMs' | 'untilMs' | 'fromMs' | 'askedMs'>,
  { firstMs, watermarkMs }: HeldRange,
  schedule: BarSchedule,
): BackfillStep {
  const { sinceMs, untilMs, fromMs, askedMs } = claim;
  if (firstMs === null || watermarkMs === null) return { kind: 'next' };
  if (sinceMs < firstMs) {
    if (fromMs === undefined) return { kind: 'ask_start' };
    const startMs = Math.max(sinceMs, fromMs);
    if (startMs < Math.min(firstMs, askedMs ?? firstMs))
      return { kind: 'earlier', sinceMs: startMs, askedMs };
  }
  const nextMs = expectedOpens(watermarkMs + 1, untilMs, schedule).next().value;
  const isThere = nextMs !== undefined && closeMs(nextMs, schedule.timeframe, schedule.calendar) <= untilMs;
  return { kind: isThere ? 'next' : 'done' };
}
