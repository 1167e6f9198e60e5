/** Readings that are kept: a wrong one does no harm while one of them is right. */
const READINGS_MAX = 3;

/** Another clock than ours, by what it said lately. */
export interface CautiousClock {
  /** What it says now, Unix ms UTC. */
  readonly hear: (saidMs: number) => void;
  /** Unix ms UTC, by the reading that was the least ahead of our own clock and never ahead of it; undefined before one. */
  readonly toldMs: () => number | undefined;
  /** It has been heard as often as readings are kept. */
  readonly isSure: () => boolean;
}

/**
 * A clock that runs ahead would call a bar closed that is still open; to be late is only to wait. So a bar has closed
 * once both clocks say so: where ours is behind, what asks by schedule comes as late anyway.
 * `nowMs` is our own clock.
 */
export function cautiousClock(nowMs: () => number): CautiousClock {
  let aheadMs: readonly number[] = [];
  return {
    hear: (saidMs) => {
      aheadMs = [...aheadMs, saidMs - nowMs()].slice(-READINGS_MAX);
    },
    toldMs: () => (aheadMs.length === 0 ? undefined : nowMs() + Math.min(0, ...aheadMs)),
    isSure: () => aheadMs.length === READINGS_MAX,
  };
}
