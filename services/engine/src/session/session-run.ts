import type { Bar } from '@aistock/market';
import type { ParamDecision } from '@aistock/shared';
import type { Claim } from './claim.ts';
import type { JournalEntry } from './journal.ts';
import type { SessionCore } from './session-core.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SessionTerms } from './session-terms.ts';

/** What is counted while a session trades. */
export interface Counts {
  bars: number;
  signals: number;
  intents: number;
  filled: number;
  denied: number;
  withheld: number;
  outcomes: number;
}

/** A session that this process trades. */
export interface SessionRun {
  readonly deps: SessionDeps;
  readonly claim: Claim;
  readonly terms: SessionTerms;
  readonly state: SessionCore;
  /** Closes that are decided and not written down yet; nothing of them has left. */
  readonly unwritten: JournalEntry[];
  /** The close that the newest snapshot is of. */
  snapshotSeq: number;
  readonly counts: Counts;
  /** Until when a stream's paper clock was moved, Unix ms. */
  readonly clocks: Map<string, number>;
  /** The line of each slot's last decision. */
  readonly lastLines: Map<string, string>;
  lastParams: ParamDecision | undefined;
  /** When risk_gate was asked for kill switches last, by the process's monotonic clock. */
  killsAskedMs: number;
  /** When a live session looked at its orders and its account last between two closes, Unix ms. */
  lookedMs: number;
}

/** A bar of a stream, as it is told. */
export interface StreamBar {
  readonly stream: string;
  readonly bar: Bar;
  readonly closeMs: number;
}

/** The bars that are told before a close, by close time and stream. */
export interface ClosingBars {
  readonly atMs: number;
  readonly bars: readonly StreamBar[];
}

export function newRun(
  parts: Pick<SessionRun, 'deps' | 'claim' | 'terms' | 'state' | 'snapshotSeq'>,
): SessionRun {
  return {
    ...parts,
    unwritten: [],
    counts: { bars: 0, signals: 0, intents: 0, filled: 0, denied: 0, withheld: 0, outcomes: 0 },
    clocks: new Map(),
    lastLines: new Map(),
    lastParams: undefined,
    killsAskedMs: -Infinity,
    lookedMs: parts.deps.clock.nowMs(),
  };
}
