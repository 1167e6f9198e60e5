import type { Db } from '@aistock/database';
import { LEASE_MS, renewClaims } from './claim.ts';
import { StaleClaim } from './errors.ts';
import type { Claim } from './ledger-file.ts';

/** The last part of a lease, in which a claimer no longer trusts it: clocks and networks are not exact. */
const MARGIN_FRACTION = 1 / 6;
const RENEWALS_PER_LEASE = 3;

/** How claims are kept alive: for {@link LEASE_MS} at a time unless told. */
export interface HeartbeatOptions {
  leaseMs?: number;
  /** Told of a renewal that failed; it is tried again while the lease is trusted. */
  onError?: (error: unknown) => void;
  /** A clock that never goes back, in ms. */
  monotonicMs?: () => number;
}

/** Renewals that are under way. */
export interface Heartbeat {
  /** Aborted with a {@link StaleClaim} as soon as a claim is lost or can no longer be trusted: stop the work. */
  signal: AbortSignal;
  /** Ends the renewals, and waits for one under way. The claims stay until they are finished, released or run out. */
  stop: () => Promise<void>;
}

/**
 * Keeps claims alive while work goes on: renews them at once and then three times a lease. Trust in the lease counts
 * from before the last good renewal was sent and ends a sixth of the lease early, whatever the database says later.
 * This only saves useless work; that a lost claim changes nothing is what {@link finishClaims} makes sure of.
 */
export function startHeartbeat(db: Db, claims: readonly Claim[], options: HeartbeatOptions = {}): Heartbeat {
  const { leaseMs = LEASE_MS, onError, monotonicMs = () => performance.now() } = options;
  const trustMs = leaseMs * (1 - MARGIN_FRACTION);
  const abort = new AbortController();
  const lose = (fileIds: readonly string[]) => {
    stopTimers();
    abort.abort(new StaleClaim(fileIds));
  };
  const distrust = () => lose(claims.map((claim) => claim.file_id));

  let expiry = setTimeout(distrust, trustMs);
  let next: NodeJS.Timeout | undefined;
  let renewal = Promise.resolve();
  let stopped = false;
  const stopTimers = () => {
    stopped = true;
    clearTimeout(expiry);
    clearTimeout(next);
  };

  const renew = async () => {
    const sentMs = monotonicMs();
    try {
      const renewed = await renewClaims(db, claims, leaseMs);
      const lost = claims.map((claim) => claim.file_id).filter((id) => !renewed.has(id));
      if (stopped) return;
      if (lost.length > 0) return lose(lost);
      clearTimeout(expiry);
      expiry = setTimeout(distrust, Math.max(0, sentMs + trustMs - monotonicMs()));
    } catch (error) {
      onError?.(error);
    }
    if (!stopped) next = setTimeout(beat, leaseMs / RENEWALS_PER_LEASE);
  };
  const beat = () => {
    renewal = renew();
  };
  beat();

  return {
    signal: abort.signal,
    stop: async () => {
      stopTimers();
      await renewal;
    },
  };
}
