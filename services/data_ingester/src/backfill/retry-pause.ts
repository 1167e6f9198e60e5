const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 60_000;
const FAILURES_MAX = 10;

/** What may be over by itself after a while. */
const PASSING: readonly string[] = [
  'source_unreachable',
  'source_stuck',
  'rate_limited',
  'budget_unavailable',
  'breaker_open',
  'stream_busy',
  'stale_watermark',
  'stale_first',
  'out_of_time',
  'ingest_busy',
  'disk_full',
  'internal_error',
];

/**
 * How long to wait after so many failures in a row, in ms; undefined where it is no use to try again. Ten failures take
 * some five minutes: longer than a breaker stays open, and no longer than a person waits.
 */
export function retryPauseMs(code: string, failures: number): number | undefined {
  if (!PASSING.includes(code) || failures >= FAILURES_MAX) return undefined;
  return Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (failures - 1));
}
