import type { Logger } from './logger.ts';

const RENEWALS_PER_LEASE = 3;

export interface LeaseHeartbeat extends Disposable {
  /** Aborted as soon as the claim is lost, can no longer be trusted, or the process stops. */
  readonly signal: AbortSignal;
}

export interface LeaseHeartbeatOptions {
  readonly leaseMs: number;
  /** How often to renew; three times a lease unless told. */
  readonly everyMs?: number;
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/**
 * Keeps a claim alive while work goes on. What a lost claim writes changes nothing; this only saves useless work.
 * @param renew whether the claim still held; the next renewal waits for it.
 */
export function startLeaseHeartbeat(
  renew: () => Promise<boolean>,
  { leaseMs, everyMs = leaseMs / RENEWALS_PER_LEASE, stopping, logger }: LeaseHeartbeatOptions,
): LeaseHeartbeat {
  const lost = new AbortController();
  let renewedMs = performance.now();
  let busy = false;
  const beat = async (): Promise<void> => {
    const sentMs = performance.now();
    if (sentMs - renewedMs >= leaseMs) lost.abort(new Error('the claim could not be renewed in time'));
    if (busy || lost.signal.aborted) return;
    busy = true;
    try {
      if (await renew()) renewedMs = sentMs;
      else lost.abort(new Error('the claim no longer holds'));
    } catch (error) {
      logger.warn('a claim could not be renewed', { error });
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void beat(), everyMs);
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
