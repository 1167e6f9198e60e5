import type { Gap, RejectionCount } from '@aistock/market';
import { dataIngesterApi, type Output } from '@aistock/shared';

/** What ingest_once tells of one stream. */
export type IngestResult = Output<typeof dataIngesterApi.ingestOnce>['streams'][number];
export type WireGap = IngestResult['gaps'][number];
export type WireRejection = IngestResult['rejected'][number];

/** A result with what is the same for all of a kind; the others fill in what they did. */
export function ingestResult(
  stream: string,
  status: IngestResult['status'],
  told: Partial<IngestResult>,
): IngestResult {
  return {
    stream,
    status,
    fetched: 0,
    accepted: 0,
    rejected: [],
    gaps: [],
    unserved: [],
    file: null,
    watermark_ms: null,
    more: false,
    problem: null,
    revision_problem: null,
    ...told,
  };
}

export function toWireGaps(gaps: readonly Gap[]): WireGap[] {
  return gaps.map(({ fromMs, toMs, missingBars }) => ({
    from_ms: fromMs,
    to_ms: toMs,
    missing_bars: missingBars,
  }));
}

export function toWireRejections(rejected: readonly RejectionCount[]): WireRejection[] {
  return rejected.map(({ reason, count, firstOpenMs }) => ({ reason, count, first_open_ms: firstOpenMs }));
}
