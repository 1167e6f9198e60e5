import type { Clock } from './clock.ts';
import { ServiceError } from './service-error.ts';

const ADDRESSES_MAX = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/**
 * A token bucket for each client address: `perSecond` requests a second, with bursts of as many.
 * At most 10,000 addresses are remembered; the one that came first is forgotten first.
 * @throws ServiceError 429 when the bucket of the address is empty.
 */
export function createRateLimit(perSecond: number, clock: Clock): (address: string) => void {
  const buckets = new Map<string, Bucket>();
  return (address) => {
    const nowMs = clock.nowMs();
    const bucket = buckets.get(address) ?? remember(buckets, address, { tokens: perSecond, atMs: nowMs });
    const elapsedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(perSecond, bucket.tokens + (elapsedMs / 1000) * perSecond);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1)
      throw new ServiceError('too_many_requests', 429, `at most ${perSecond} requests a second are taken`, {
        headers: { 'retry-after': '1' },
      });
    bucket.tokens -= 1;
  };
}

function remember(buckets: Map<string, Bucket>, address: string, bucket: Bucket): Bucket {
  const [oldest] = buckets.keys();
  if (buckets.size >= ADDRESSES_MAX && oldest !== undefined) buckets.delete(oldest);
  buckets.set(address, bucket);
  return bucket;
}
