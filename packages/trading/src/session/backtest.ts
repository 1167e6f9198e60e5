import {
  barsPerYear,
  closeMs,
  contextFeatures,
  type Bar,
  type Calendar,
  type Timeframe,
} from '@aistock/market';
import type { OrderIntent } from '@aistock/shared';
import { paperFill, type PaperFill, type PaperOrder, type PaperTerms } from '../paper/index.ts';
import {
  applyFill,
  cashChange,
  equity,
  FLAT,
  isFunded,
  reducesOnly,
  sum,
  toWire,
  type PositionState,
} from '../portfolio/index.ts';
import type { RegimeView } from '../strategies/index.ts';
import { BarWindow } from './bar-window.ts';
import { FLAT_STATE, isFlat, type SessionState } from './session-state.ts';
import { equityStatistics, type EquityStatistics } from './statistics.ts';
import type { SessionConfig, SessionSetup, StreamQuality } from './step-input.ts';
import { step } from './step.ts';
import { closeTrade, type EntryFill, type Trade } from './trade-book.ts';

/** How an order that waits for a bar fills in it; undefined where it does not and goes on waiting. */
export type FillRule = (
  order: PaperOrder,
  bar: Bar,
  context: { readonly cash: string },
) => PaperFill | undefined;

export interface BacktestTerms {
  readonly setup: SessionSetup;
  readonly timeframe: Timeframe;
  readonly calendar: Calendar;
  readonly config: SessionConfig;
  /** Decimal text. */
  readonly startCash: string;
  /** Conservative paper fills at these costs, or another rule. */
  readonly fills: PaperTerms | FillRule;
  /** The regime at a bar's close, from bars up to it; undefined where there is none. */
  readonly regimeAt: (bar: Bar) => RegimeView | undefined;
  /**
   * The quality of the stream as it was known at a bar's close. `pass` unless told: a backtest stakes nothing, and a
   * verdict of today about bars of back then would be look-ahead. To repeat a session of which entries were withheld, give
   * what it was told.
   */
  readonly qualityAt?: (bar: Bar) => StreamQuality;
  /** Takes each line of the decision log. */
  readonly record: (line: string) => void;
}

export interface BacktestResult extends EquityStatistics {
  readonly bars: number;
  readonly trades: readonly Trade[];
  /** Decimal text. What is still open at the end is marked at the last close. */
  readonly equityStart: string;
  readonly equityEnd: string;
  /** Equity at each close after the start, float64. */
  readonly equityCurve: readonly number[];
}

interface Book {
  cash: string;
  position: PositionState;
  entry: EntryFill | undefined;
  readonly trades: Trade[];
}

/**
 * Runs a strategy over past bars: each order fills at the next bar, as on paper. The cost of a bar does not depend on how
 * many came before.
 * @param warmUp bars before the first, which are seen but not traded.
 */
export function runBacktest(
  terms: BacktestTerms,
  warmUp: Iterable<Bar>,
  bars: Iterable<Bar>,
): BacktestResult {
  const window = new BarWindow();
  for (const bar of warmUp) window.push(bar);
  const book: Book = { cash: terms.startCash, position: FLAT, entry: undefined, trades: [] };
  const fill = fillRule(terms.fills);
  let state: SessionState = FLAT_STATE;
  let waiting: readonly OrderIntent[] = [];
  let worth = terms.startCash;
  const curve = [Number(worth)];
  for (const bar of bars) {
    waiting = waiting.filter((intent) => !settle(book, intent, bar, fill));
    window.push(bar);
    worth = equityAt(book, bar);
    curve.push(Number(worth));
    const output = step(terms.setup, state, {
      bar,
      closeMs: closeMs(bar.openMs, terms.timeframe, terms.calendar),
      bars: window.bars,
      features: contextFeatures(window.bars, terms.timeframe, terms.calendar),
      regime: terms.regimeAt(bar),
      quality: terms.qualityAt?.(bar) ?? 'pass',
      config: terms.config,
      position: book.position,
      working: waiting.length > 0,
      equity: worth,
    });
    state = output.state;
    waiting = [...waiting, ...output.intents];
    terms.record(output.line);
  }
  return {
    bars: curve.length - 1,
    trades: book.trades,
    equityStart: terms.startCash,
    equityEnd: worth,
    equityCurve: curve.slice(1),
    ...equityStatistics(curve, barsPerYear(terms.timeframe, terms.calendar)),
  };
}

/** Fills an order in a bar and books it, or drops it where the cash is short; false where it goes on waiting. */
function settle(book: Book, intent: OrderIntent, bar: Bar, fill: FillRule): boolean {
  const order = {
    side: intent.side,
    orderType: intent.order_type,
    quantity: intent.quantity,
    limitPrice: intent.limit_price,
  };
  const filled = fill(order, bar, { cash: book.cash });
  if (!filled) return false;
  const amounts = { side: intent.side, ...filled };
  const cash = sum(book.cash, cashChange(amounts));
  const position = applyFill(book.position, amounts);
  if (
    !isFunded(cash, position.quantity, filled.price) &&
    !reducesOnly(book.position.quantity, position.quantity)
  )
    return true;
  book.cash = cash;
  book.position = position;
  const booked = { ...filled, filledMs: bar.openMs };
  if (isFlat(book.position) && book.entry) {
    book.trades.push(closeTrade(book.entry, booked));
    book.entry = undefined;
  } else book.entry ??= booked;
  return true;
}

function fillRule(fills: PaperTerms | FillRule): FillRule {
  return typeof fills === 'function' ? fills : (order, bar) => paperFill(order, bar, fills);
}

/** As the executor tells it on the wire. Never undefined: the only position is marked at the bar's close. */
function equityAt({ cash, position }: Book, bar: Bar): string {
  return toWire(equity(cash, [{ quantity: position.quantity, markPrice: bar.close }])!);
}
