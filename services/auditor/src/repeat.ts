import { setTimeout as delay } from 'node:timers/promises';

/** Runs work again and again, a fixed time after the run before has ended, until it is stopped. It must not reject. */
export function repeat(everyMs: number, run: () => Promise<void>): { stop: () => Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await run();
      await delay(everyMs, undefined, { signal }).catch(() => undefined); // an abort ends the pause
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
