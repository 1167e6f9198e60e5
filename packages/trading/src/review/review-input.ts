import type { Calendar, Timeframe } from '@aistock/market';
import type { BarColumns } from '../bars/index.ts';
import type { ClosedTrade } from '../core/index.ts';
import type { ReturnsBootstrap, TradeShuffle } from '../honesty/index.ts';
import type { EquityCurve, Performance } from '../metrics/index.ts';

/** The bars that an instrument was traded on. */
export interface ReviewedBars {
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly bars: BarColumns;
}

/** What a backtest is reviewed by. */
export interface ReviewInput {
  readonly performance: Performance;
  readonly curve: EquityCurve;
  readonly calendar: Calendar;
  readonly trades: readonly ClosedTrade[];
  /** How many fills there were, and how many of them at prices that may have been nobody's. */
  readonly fills: number;
  /** Orders, and exits behind entries, that filled whole. */
  readonly ordersFilled: number;
  readonly staleFills: number;
  /** By instrument. */
  readonly bars: ReadonlyMap<string, ReviewedBars>;
  /** How many parameters its strategies take in all. */
  readonly params: number;
  /** Configurations that were tried on such data, this one among them; null where nothing counts them. */
  readonly trials: number | null;
  readonly deflatedSharpe: number | null;
  /** Probability of backtest overfitting of the sweep that the result was chosen from; null where none was, or of too few days. */
  readonly overfitting: number | null;
  readonly shuffle: TradeShuffle | null;
  readonly bootstrap: ReturnsBootstrap | null;
  /** Whether the limits of the risk gate were applied. */
  readonly limitsSet: boolean;
  /** Whether lots, ticks and the least notional of every instrument were given. */
  readonly rulesSet: boolean;
  /** Whether a model spoke about bars that it was trained on. */
  readonly modelInSample: boolean;
  /** Whether hours outside of the regular ones were to be traded in. */
  readonly extendedHours: boolean;
  readonly openAtEnd: boolean;
  /** Positions that were left at the end of a period without a decision. */
  readonly settled: number;
}
