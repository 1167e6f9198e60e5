import { Decimal, decimalText } from '../../decimal.ts';
import type { FillCosts } from '../../fills/index.ts';
import { ZERO } from '../../portfolio/index.ts';
import { feeCost, gain, type DayFill } from './day-fill.ts';
import { splitFills } from './split-fills.ts';

/** What traded in a run of the day, and what a unit of each stream's instrument is worth at its end. Decimal text. */
export interface DayBooks {
  readonly fills: readonly DayFill[];
  readonly marks: ReadonlyMap<string, string>;
}

/** What a slot holds in the instrument of one of its streams. */
export interface HeldLeg {
  readonly slot: string;
  readonly stream: string;
  /** Decimal text, below zero for a short. */
  readonly quantity: string;
}

export interface DayResults {
  readonly slots: readonly string[];
  /** What was held when the day began. */
  readonly held: readonly HeldLeg[];
  readonly costs: FillCosts;
  /** Of the session itself. */
  readonly live: DayBooks;
  /** Of the session's orders, filled by the backtest's rules; at the marks of `live`. */
  readonly filled: readonly DayFill[];
  /** Of the backtest: on the bars that the session was told, on those known when the day was over, on those known now. */
  readonly told: DayBooks;
  readonly atEnd: DayBooks;
  readonly now: DayBooks;
}

/** By how much the session did better than the backtest, and by which of the differences between them. Decimal text. */
export interface DayParts {
  readonly data: string;
  readonly timing: string;
  readonly fill: string;
  readonly fee: string;
  readonly decision: string;
}

export interface SlotParts extends DayParts {
  readonly slot: string;
  /** What the parts come to, to the last digit. */
  readonly difference: string;
  /** Of `data`: through bars that came when their close had been decided. The rest is through bars that were restated since. */
  readonly late: string;
  /** What the slot's holdings and trades of the day are worth in the end, in the session and in the backtest. */
  readonly live: string;
  readonly shadow: string;
}

/**
 * Goes from the session to the backtest of its day in steps that each replace one thing: how its orders were charged, how
 * they filled and when, then what was decided, then the bars. Each part is what one step changes; so they come to the whole.
 * @throws RangeError where something was held or traded that has no mark.
 */
export function splitDay(day: DayResults): SlotParts[] {
  return day.slots.map((slot) => {
    const worth = (books: DayBooks): Decimal => worthOf(day.held, slot, books);
    const [live, told, atEnd, now] = [day.live, day.told, day.atEnd, day.now].map(worth) as [
      Decimal,
      Decimal,
      Decimal,
      Decimal,
    ];
    const filled = worth({ fills: day.filled, marks: day.live.marks });
    return {
      slot,
      ...splitOrders(day, slot),
      decision: decimalText(filled.minus(told)),
      data: decimalText(told.minus(now)),
      late: decimalText(told.minus(atEnd)),
      difference: decimalText(live.minus(now)),
      live: decimalText(live),
      shadow: decimalText(now),
    };
  });
}

/**
 * What a slot's holdings and the trades on top of them come to at the marks, without the cash that it began with.
 * @throws RangeError where something was held or traded that has no mark.
 */
export function worthOf(held: readonly HeldLeg[], slot: string, { fills, marks }: DayBooks): Decimal {
  let worth = ZERO;
  for (const { slot: of, stream, quantity } of held)
    if (of === slot && quantity !== '0') worth = worth.plus(markOf(marks, stream).times(quantity));
  for (const fill of fills)
    if (fill.slot === slot) {
      const mark = markOf(marks, fill.stream);
      const lot = { quantity: new Decimal(fill.quantity), price: new Decimal(fill.price) };
      worth = worth.plus(gain(fill.side, lot, mark)).minus(feeCost(fill, mark));
    }
  return worth;
}

/** An order of its own, or an exit of one. */
const ofOrder = ({ decisionId, protection }: DayFill): string => `${decisionId} ${protection}`;

function splitOrders({ live, filled, costs }: DayResults, slot: string) {
  const ours = Map.groupBy(
    live.fills.filter((fill) => fill.slot === slot),
    ofOrder,
  );
  const theirs = Map.groupBy(
    filled.filter((fill) => fill.slot === slot),
    ofOrder,
  );
  let [fee, fill, timing] = [ZERO, ZERO, ZERO];
  for (const order of new Set([...ours.keys(), ...theirs.keys()])) {
    const [our, their] = [ours.get(order) ?? [], theirs.get(order) ?? []];
    const mark = markOf(live.marks, (our[0] ?? their[0])!.stream);
    const parts = splitFills(our, their, { mark, costs });
    [fee, fill, timing] = [fee.plus(parts.fee), fill.plus(parts.fill), timing.plus(parts.timing)];
  }
  return { fee: decimalText(fee), fill: decimalText(fill), timing: decimalText(timing) };
}

/** @throws RangeError where there is none. */
function markOf(marks: ReadonlyMap<string, string>, stream: string): Decimal {
  const mark = marks.get(stream);
  if (mark === undefined) throw new RangeError(`stream ${stream} has no bar to mark what is held by`);
  return new Decimal(mark);
}
