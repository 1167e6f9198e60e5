import type { PositionState } from '../portfolio/index.ts';
import type { SettleTerms } from './books/settle-legs.ts';
import type { Decision, SlotDecision } from './decision.ts';
import type { CoreEvent } from './events.ts';

/** What a slot needs to be told before it can decide at the next `close`. */
export interface Question {
  readonly slot: string;
  /** Asked for while a slot is flat, or an inventory, and has none in force; any other position keeps those of its entry. */
  readonly params: boolean;
  readonly regime: boolean;
}

/** What the log says of each decision, one line of canonical JSON. */
export interface LoggedDecision {
  readonly decision: Decision;
  readonly line: string;
}

/**
 * A closed trade of a slot, for learning and for reports. Of an inventory that quotes build up and reduce, each part that is
 * closed is one: entered at its average cost, and on average at `entryMs`.
 */
export interface ClosedTrade {
  readonly slot: string;
  readonly instrument: string;
  readonly configId: string;
  readonly side: 'buy' | 'sell';
  /** Decimal text. */
  readonly quantity: string;
  readonly entryMs: number;
  readonly entryPrice: string;
  readonly exitMs: number;
  readonly exitPrice: string;
  readonly fees: string;
  /** After fees and funding. */
  readonly pnl: string;
  /** pnl over what the entry cost before fees. */
  readonly reward: number;
}

/** The books as the core keeps them from its own fills. */
export interface BooksView {
  /** Decimal text. */
  readonly cash: string;
  /** Decimal text; null while a position has no mark. */
  readonly equity: string | null;
  /** Share of the equity below its highest at a close so far; null while it is unknown. */
  readonly drawdown: number | null;
  /** Whether the drawdown has reached the end of the policy's cut: nothing is entered. */
  readonly isDrawdownStopped: boolean;
  readonly positions: readonly {
    readonly slot: string;
    readonly instrument: string;
    readonly position: PositionState;
    /** Whether the stop behind it is gone; it is left at the next close. */
    readonly isStopLost: boolean;
  }[];
}

/**
 * One engine for backtest, paper and live: they differ in who tells it and who fills.
 *
 * An event that cannot be, such as a bar that was told before, a close that lies back or a fill of an unknown order, is
 * refused with a RangeError and changes nothing. A fill that was booked before and a status that an order has already also
 * change nothing, and are no error: the same may be heard of twice.
 */
export interface Core {
  /** Takes an event; a `close` answers with what was decided, everything else with nothing. */
  handle(event: CoreEvent): readonly LoggedDecision[];
  /** The same as a `bar` event for a bar that the stream's series holds already: only the cursor moves. */
  reveal(stream: string): void;
  /**
   * The same as a `close` event for one who keeps no log: tells only the decisions that order or cancel something, and
   * writes no lines. The arrays are valid until the next call.
   */
  decide(atMs: number): readonly SlotDecision[];
  /**
   * What is to be told before the `close` at this time. Regimes first: ask again once they are told, for which parameters
   * are needed depends on them.
   */
  questions(atMs: number): readonly Question[];
  /**
   * Books everything that is held as left at the newest close, where a period ends there: no order, and no decision of the log.
   * @returns how many positions were held.
   */
  settle(terms: SettleTerms): number;
  /** Trades closed since the last call. */
  takeTrades(): readonly ClosedTrade[];
  readonly books: BooksView;
  /** Equity at the newest closes as float64, for curves; null while a position has no mark. */
  readonly equity: number | null;
  /** Whether anything is held. */
  readonly isHolding: boolean;
  /**
   * When the core wants a `close` although no bar may close then, Unix ms: to leave before a session ends what no bar comes
   * to leave in. Infinity where it does not. It comes after the newest close, and depends on what was told.
   */
  readonly wakeMs: number;
  /** How often each reason of a decision occurred since the start, by its code alone. */
  readonly reasonCounts: ReadonlyMap<string, number>;
  /** Everything but the bars, as JSON: `restore` with it, after the same bars were shown, goes on as if nothing had been. */
  snapshot(): unknown;
}
