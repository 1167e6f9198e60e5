import type { Metrics } from '@aistock/service-kit';
import type { IngestResult } from './ingest-result.ts';

const DURATION_BUCKETS_S = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

export type ObserveIngest = (result: IngestResult, durationMs: number) => void;

/** Counts what each run of a stream did. The streams are the configured ones, so the label is bounded. */
export function ingestMetrics(metrics: Metrics): ObserveIngest {
  const runs = metrics.counter({
    name: 'ingest_runs_total',
    help: 'Runs of a stream, by how they ended.',
    labels: ['stream', 'status'],
  });
  const accepted = metrics.counter({
    name: 'ingest_bars_accepted_total',
    help: 'Bars registered.',
    labels: ['stream'],
  });
  const rejected = metrics.counter({
    name: 'ingest_bars_rejected_total',
    help: 'Bars not taken, by reason; an open bar counts each time it is seen.',
    labels: ['stream', 'reason'],
  });
  const files = metrics.counter({
    name: 'ingest_files_total',
    help: 'Files registered.',
    labels: ['stream'],
  });
  const missing = metrics.counter({
    name: 'ingest_bars_missing_total',
    help: 'Bars that the calendar expects and the source did not give.',
    labels: ['stream'],
  });
  const refused = metrics.counter({
    name: 'ingest_revisions_refused_total',
    help: 'Runs in which restated or late bars could not be kept; new bars were taken all the same.',
    labels: ['stream'],
  });
  const watermark = metrics.gauge({
    name: 'ingest_watermark_seconds',
    help: 'Open time of the last bar registered, Unix seconds.',
    labels: ['stream'],
  });
  const duration = metrics.histogram({
    name: 'ingest_duration_seconds',
    help: 'How long a run of a stream took.',
    labels: ['stream'],
    buckets: DURATION_BUCKETS_S,
  });
  return (result, durationMs) => {
    const { stream } = result;
    runs.inc({ stream, status: result.status });
    accepted.inc({ stream }, result.accepted);
    for (const { reason, count } of result.rejected) rejected.inc({ stream, reason }, count);
    files.inc({ stream }, result.file ? 1 : 0);
    refused.inc({ stream }, result.revision_problem ? 1 : 0);
    for (const gap of result.gaps) missing.inc({ stream }, gap.missing_bars);
    if (result.watermark_ms !== null) watermark.set({ stream }, result.watermark_ms / 1000);
    duration.observe({ stream }, durationMs / 1000);
  };
}
