import { SourceError, type PassedOver, type SourceErrorCode } from '../bar-source.ts';
import type { BreakerState } from '../resilience/breaker.ts';

/** A limit that lasts as long as a breaker stays open is worth another source; a shorter one is worth the wait. */
const LIMITED_MS_MIN = 60_000;

/** It does not have what is asked for, or not for us, however often it is asked. */
const FOR_GOOD: ReadonlySet<SourceErrorCode> = new Set([
  'unknown_exchange',
  'unknown_instrument',
  'unknown_timeframe',
  'source_refused',
]);

/**
 * Whether the next source is to be asked instead. A source that merely failed is not left until its breaker opens: bars
 * of two sources are not quite the same, and the stream waits rather than changes for a moment's trouble.
 */
export function isTakenOver(error: SourceError, breaker: BreakerState): boolean {
  if (FOR_GOOD.has(error.code)) return true;
  if (error.code === 'rate_limited') return (error.retryAfterMs ?? 0) >= LIMITED_MS_MIN;
  return error.code !== 'budget_unavailable' && breaker.kind !== 'closed';
}

/** The one error of a chain that has nobody left: it names each source, and tells when to come back. */
export function nobodyLeft(
  chain: string,
  failures: readonly { readonly source: string; readonly error: SourceError }[],
): SourceError {
  const each = failures.map(({ source, error }) => `${source}: ${error.code} (${error.message})`);
  const hopeful = failures.find(({ error }) => !FOR_GOOD.has(error.code));
  const { code, bytes } = (hopeful ?? failures[0])?.error ?? { code: 'source_refused', bytes: undefined };
  const waits = failures.flatMap(({ error }) => error.retryAfterMs ?? []);
  return new SourceError(code, `no source of ${chain} gave bars: ${each.join('; ')}`, {
    bytes,
    ...(waits.length > 0 && { retryAfterMs: Math.min(...waits) }),
  });
}

export function toPassedOver({ source, error }: { source: string; error: SourceError }): PassedOver {
  return { source, code: error.code, detail: error.message };
}
