import type { Logger } from '@aistock/service-kit';
import { LEASE_MS } from '../store/run-claims.ts';

const RENEW_EVERY_MS = LEASE_MS / 3;

export interface Heartbeat extends Disposable {
  /** Aborted as soon as the claim is lost, or the process stops. */
  readonly signal: AbortSignal;
}

/** Keeps a claim alive while work goes on. What a lost claim writes changes nothing; this only saves useless work. */
export function startHeartbeat(
  renew: () => Promise<boolean>,
  { stopping, logger }: { readonly stopping: AbortSignal; readonly logger: Logger },
): Heartbeat {
  const lost = new AbortController();
  const beat = async (): Promise<void> => {
    try {
      if (!(await renew())) lost.abort(new Error('the claim no longer holds'));
    } catch (error) {
      logger.warn('backtests: a claim could not be renewed', { error });
    }
  };
  const timer = setInterval(() => void beat(), RENEW_EVERY_MS);
  return {
    signal: AbortSignal.any([stopping, lost.signal]),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
