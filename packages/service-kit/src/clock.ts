/** Where the time comes from. Everything that asks for it takes a clock, so that a test or a replay can give its own. */
export interface Clock {
  /** Unix time in milliseconds, UTC. */
  nowMs(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = { nowMs: () => Date.now() };
