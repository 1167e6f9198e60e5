import { SourceError } from '../bar-source.ts';

/** How often and how long something is tried. */
export interface RetryTerms {
  /** Tries in all, at least 1. */
  readonly attemptsMax: number;
  /** The longest wait after the first failure, in ms; it doubles with each further one. */
  readonly baseMs: number;
  /** No wait of our own is longer. One that the venue asks for may be. */
  readonly capMs: number;
  /** From the first try on: no wait begins that would end after this. */
  readonly totalMs: number;
}

const RETRY_TERMS_DEFAULT: RetryTerms = {
  attemptsMax: 4,
  baseMs: 500,
  capMs: 10_000,
  totalMs: 30_000,
};

/** What trying again needs of the world. */
export interface RetryWorld {
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** Any clock in ms that does not go back. */
  readonly nowMs: () => number;
  /** Rejects once the signal is aborted. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly signal?: AbortSignal;
}

/**
 * Tries until it succeeds, fails for good, or the terms are used up; then throws the last failure. Only for questions
 * that may be asked twice.
 * @throws the signal's reason once it is aborted.
 */
export async function retried<T>(
  question: () => Promise<T>,
  world: RetryWorld,
  terms: RetryTerms = RETRY_TERMS_DEFAULT,
): Promise<T> {
  const startedMs = world.nowMs();
  for (let failures = 1; ; failures++) {
    world.signal?.throwIfAborted();
    try {
      return await question();
    } catch (error) {
      if (failures >= terms.attemptsMax || !isWorthRetrying(error)) throw error;
      const waitMs = waitBefore(failures, error, world.chance(), terms);
      if (world.nowMs() - startedMs + waitMs > terms.totalMs) throw error;
      await world.sleep(waitMs, world.signal);
    }
  }
}

/** A limit is only tried again where the venue told when: without that, another request can turn it into a ban. */
function isWorthRetrying(error: unknown): error is SourceError {
  if (!(error instanceof SourceError)) return false;
  return (
    error.code === 'source_unreachable' || (error.code === 'rate_limited' && error.retryAfterMs !== undefined)
  );
}

/**
 * Full jitter (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015):
 * random(0, min(cap, base · 2^attempt)), attempts counted from 0. What the venue asks for comes first, the jitter
 * after it, so that all who were told the same time do not come back together.
 */
function waitBefore(failures: number, error: SourceError, chance: number, terms: RetryTerms): number {
  const jitterMs = chance * Math.min(terms.capMs, terms.baseMs * 2 ** (failures - 1));
  return (error.retryAfterMs ?? 0) + jitterMs;
}
