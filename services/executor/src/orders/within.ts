/**
 * What the venue answers within a time.
 * @throws the work's error, or that there was no answer in time; what has not left by then must not leave any more.
 */
export async function within<T>(timeoutMs: number, work: (giveUp: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`the venue did not answer within ${timeoutMs} ms`);
    giveUp.abort(error);
    reject(error);
  }, timeoutMs);
  try {
    return await Promise.race([work(giveUp.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
