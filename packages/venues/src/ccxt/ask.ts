import { sourceErrorOf } from '../http/source-error-of.ts';
import { retried, type RetryTerms, type RetryWorld } from '../resilience/retry.ts';

/** Asks ccxt something, as often as is right. @throws SourceError */
export type Ask = <T>(doing: string, question: () => Promise<T>) => Promise<T>;

export interface AskTerms {
  readonly retryWorld: RetryWorld;
  readonly retryTerms?: RetryTerms;
  /** Told where the exchange said that it was too much, and not for how long: Kraken says so with status 200. */
  readonly onLimited: () => Promise<void>;
}

export function asking({ retryWorld, retryTerms, onLimited }: AskTerms): Ask {
  return (doing, question) =>
    retried(
      async () => {
        try {
          return await question();
        } catch (error) {
          const failure = sourceErrorOf(error, doing);
          if (failure.code === 'rate_limited' && failure.retryAfterMs === undefined) await onLimited();
          throw failure;
        }
      },
      retryWorld,
      retryTerms,
    );
}
