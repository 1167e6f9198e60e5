import { sourceErrorOf } from '../http/source-error-of.ts';
import { retried, type RetryTerms, type RetryWorld } from '../resilience/retry.ts';

/** Asks ccxt something, as often as is right. @throws SourceError */
export type Ask = <T>(doing: string, question: () => Promise<T>) => Promise<T>;

export function asking(world: RetryWorld, terms?: RetryTerms): Ask {
  return (doing, question) =>
    retried(
      () =>
        question().catch((error: unknown) => {
          throw sourceErrorOf(error, doing);
        }),
      world,
      terms,
    );
}
