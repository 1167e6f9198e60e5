/** Runs work of one key after another, in the order in which it was asked for; other keys go on beside it. */
export interface Turns {
  readonly run: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  /** Settles once everything asked for so far has ended. */
  readonly idle: () => Promise<void>;
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async run(key, work) {
      const before = last.get(key);
      // What went wrong before is for its own caller to know.
      const mine = (before ?? Promise.resolve()).then(work, work);
      last.set(key, mine);
      try {
        return await mine;
      } finally {
        if (last.get(key) === mine) last.delete(key);
      }
    },
    async idle() {
      await Promise.allSettled(last.values());
    },
  };
}
