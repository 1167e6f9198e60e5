import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { RetryWorld } from '@aistock/venues';

const CHANCES = 2 ** 32;

/** The clock of this process, which no one sets back, and its chance. */
export const retryWorld: RetryWorld = {
  chance: () => randomInt(CHANCES) / CHANCES,
  nowMs: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};
