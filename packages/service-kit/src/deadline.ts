import { ServiceError } from './service-error.ts';

/**
 * Runs work that must end within a time. When the time is over, its signal is aborted and the caller is told;
 * what the work does after that is its own affair, and its late failure is dropped because the caller has its answer.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    abort.abort(reason);
    reject(reason);
  };
  const stop = (): void => end(stopping.reason);
  const timer = setTimeout(
    () => end(new ServiceError('timeout', 503, `no result within ${timeoutMs} ms`)),
    timeoutMs,
  );
  stopping.addEventListener('abort', stop);
  try {
    return await Promise.race([work(abort.signal), aborted]);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', stop);
  }
}
