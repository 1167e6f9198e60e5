/** Makes one queue: each piece of work waits for the one before it. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined); // who asked for the work gets its error
    return turn;
  };
}

/**
 * Runs work one at a time and at most one more waiting: callers that come while it runs share the next run,
 * so each of them gets a run that began after it asked.
 */
export function shareNextRun<T>(work: () => Promise<T>): () => Promise<T> {
  const queue = oneAtATime();
  let next: Promise<T> | undefined;
  return () =>
    (next ??= queue(() => {
      next = undefined;
      return work();
    }));
}
