import type { Bar } from '@aistock/market';
import type { CostModel } from '@aistock/shared';
import type { CoreEvent, CoreSetup } from '../core/index.ts';

/** Bars by stream id, ascending. */
export type BarsByStream = ReadonlyMap<string, readonly Bar[]>;

/** Where a session stood when the day began. */
export interface DayStart {
  /** Of its core. */
  readonly snapshot: unknown;
  /** The last close that was decided by then, Unix ms; null before the first. */
  readonly closeMs: number | null;
  /** The newest bars that it had seen of each stream. */
  readonly bars: BarsByStream;
  /** Decision ids of orders that it had taken back, of which the venue had not told yet. */
  readonly takenBack: readonly string[];
}

/** A close of a session, as its journal has it. */
export interface DayClose {
  readonly closeMs: number;
  /** Everything that was told since the close before, in that order, the close itself last. */
  readonly events: readonly CoreEvent[];
  /** The lines of its decision log. */
  readonly lines: readonly string[];
}

/** A day of a session, and what is needed to run it again. */
export interface ShadowDay {
  readonly setup: CoreSetup;
  /** By which a backtest fills the account's orders. */
  readonly costs: CostModel;
  readonly start: DayStart;
  /** Ascending, at least one. */
  readonly closes: readonly DayClose[];
  /** The bars of every stream as they were known when the day was over, and as they are known now; those before the day too. */
  readonly known: { readonly atEnd: BarsByStream; readonly now: BarsByStream };
}
