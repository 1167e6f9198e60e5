import type { Bar, ContextFeatures, PriceBar } from '@aistock/market';
import type { PositionState } from '../portfolio/index.ts';
import type { RegimeView, Signal, Strategy, StrategyParams } from '../strategies/index.ts';

/** What stays the same throughout a session. */
export interface SessionSetup {
  readonly strategy: Strategy;
  readonly account: string;
  readonly stream: string;
  readonly instrument: string;
  /** Quantities are whole multiples of it; decimal text above zero. */
  readonly lotSize: string;
}

/** The parameters in force and the decision that chose them. */
export interface SessionConfig {
  readonly configId: string;
  /** Passed by the strategy's schema. */
  readonly params: StrategyParams;
}

/**
 * Whether the stream's bars may be traded on: the verdict of data_ingester, or `unknown` where there is none to be had.
 * `block` and `unknown` enter nothing; what is held can always be left.
 */
export type StreamQuality = 'pass' | 'warn' | 'block' | 'unknown';

/** Everything that is known at a bar's close, after the fills at its open. */
export interface StepInput {
  /** The bar that just closed, and when. */
  readonly bar: Bar;
  readonly closeMs: number;
  /** Closed bars in ascending order, the one that just closed last. */
  readonly bars: readonly PriceBar[];
  readonly features: ContextFeatures | undefined;
  readonly regime: RegimeView | undefined;
  readonly quality: StreamQuality;
  /** Undefined where no parameters are known: then nothing is done. */
  readonly config: SessionConfig | undefined;
  readonly position: PositionState;
  /** Whether an order of this session may still fill: then nothing more is entered. */
  readonly working: boolean;
  /** Decimal text; null while it is not known: then nothing is entered. */
  readonly equity: string | null;
}

/** What was decided at a bar's close. `note` is the strategy's reason, or why nothing could be done. */
export interface Decision {
  readonly signal?: Signal;
  /** Why an entry that was signalled is not made, where that is for the stream's quality. */
  readonly withheld?: 'stream_blocked' | 'quality_unknown';
  readonly order?: {
    readonly leg: 'entry' | 'exit';
    readonly side: 'buy' | 'sell';
    readonly quantity: string;
  };
  readonly note: string | null;
}
