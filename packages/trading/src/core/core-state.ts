import type { Limits } from '@aistock/shared';
import type { AccountBook } from './books/account-book.ts';
import type { ClosedTrade } from './core-port.ts';
import type { TradingState } from './events.ts';
import type { CoreSetup } from './setup.ts';
import type { Slot } from './slot-state.ts';
import type { StreamState } from './stream-state.ts';
import type { Verdict } from './decide/verdict.ts';

/** Everything that the core knows. */
export interface CoreState {
  readonly setup: CoreSetup;
  readonly streams: ReadonlyMap<string, StreamState>;
  readonly allStreams: readonly StreamState[];
  readonly slots: readonly Slot[];
  readonly books: AccountBook;
  /** All that are traded, each once. */
  readonly instruments: readonly string[];
  /** Decisions so far. */
  seq: number;
  /** The close that was decided last, Unix ms; -Infinity before the first. */
  closedMs: number;
  firmState: TradingState;
  /** Those of the setup until others are told. */
  limits: Limits | null;
  /** The highest equity at a close so far. */
  equityPeak: number;
  /** When slots were chosen last, Unix ms; null before. */
  selectedMs: number | null;
  /** Closed and not told yet. */
  trades: ClosedTrade[];
}

/** A slot's decision at a close, while it is made. */
export interface Scope {
  readonly state: CoreState;
  readonly slot: Slot;
  readonly atMs: number;
  readonly verdict: Verdict;
}
