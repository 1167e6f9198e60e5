import type { Account, Order } from '@aistock/shared';
import type { BarWindow, SessionConfig, SessionSetup, SessionState } from '@aistock/trading/session';
import type { z } from 'zod';
import type { DecisionLog } from '../decision-log.ts';
import type { MarketStream } from '../market-stream.ts';
import type { KnownQuality } from './stream-quality-at.ts';

export type PaperAccount = z.infer<typeof Account>;

/** The parameters that param_controller chose. */
export interface ChosenParams extends SessionConfig {
  readonly presetId: string;
  readonly propensity: number;
  readonly expiresMs: number;
}

/** What a session answers about its orders. */
export interface Tally {
  bars: number;
  signals: number;
  intents: number;
  filled: number;
  denied: number;
  /** Entries that were signalled and not made, for the quality of the stream. */
  withheld: number;
  unknown: number;
  outcomes: number;
}

/** A session on its way from bar to bar. */
export interface SessionRun {
  readonly setup: SessionSetup;
  readonly stream: MarketStream;
  readonly window: BarWindow;
  readonly log: DecisionLog;
  readonly tally: Tally;
  /** The orders of the parameters in force, by order id. */
  readonly orders: Map<string, Order>;
  state: SessionState;
  account: PaperAccount;
  /** As it was known at the last bar. */
  quality: KnownQuality;
  /** In force until the position that they led to is closed, or while flat until they expire. */
  chosen: ChosenParams | undefined;
  /** The last that were chosen in this session. */
  lastChosen: ChosenParams | undefined;
}

export const emptyTally = (): Tally => ({
  bars: 0,
  signals: 0,
  intents: 0,
  filled: 0,
  denied: 0,
  withheld: 0,
  unknown: 0,
  outcomes: 0,
});
