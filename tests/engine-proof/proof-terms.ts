/** How much is proved. */
export interface ProofTerms {
  /** Days of BTC/USDT that are traded, and sessions of SPY, where it has as many; a part of one as well. */
  readonly days: number;
  /** How often the engine is killed with -9 while each of them is traded. */
  readonly kills: number;
  readonly seed: number;
  /** How long a session of a dead engine is held for it, s. */
  readonly leaseS: number;
  /** The services listen from the next port on. */
  readonly portBase: number;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** On the record of what the proof sets. */
export const BY = { by: 'prove-engine', reason: 'the proof that one engine decides' } as const;
