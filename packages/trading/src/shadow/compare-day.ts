import { readSnapshot } from '../core/snapshot/snapshot.ts';
import type { Snapshot } from '../core/snapshot/snapshot-schema.ts';
import { decimalText } from '../decimal.ts';
import { fillCosts } from '../fills/index.ts';
import { sum } from '../portfolio/index.ts';
import { compareDecisions, type ComparedDecisions } from './compare-decisions.ts';
import { barsOf, marksOf, sameBars, toldBars, type DayBars } from './rerun/day-bars.ts';
import { liveFills, ownersOf, runFills } from './rerun/find-fills.ts';
import { recordedDecision } from './rerun/recorded-decisions.ts';
import { fillDay, runDay } from './rerun/run-day.ts';
import type { DayClose, ShadowDay } from './shadow-day.ts';
import {
  splitDay,
  worthOf,
  type DayBooks,
  type DayParts,
  type HeldLeg,
  type SlotParts,
} from './split/split-day.ts';
import { unexplained } from './split/unexplained.ts';

/** How a day of a session and the backtest of that day differ. Money is exact decimal text. */
export interface DayComparison {
  /** When the day began, at the marks of then. */
  readonly equityStart: string;
  readonly equityEnd: { readonly live: string; readonly shadow: string };
  /** Live less shadow; what the parts come to, to the last digit. */
  readonly difference: string;
  /** `rest`: what the session's equity has that its fills do not explain, such as a payment; else 0. */
  readonly parts: DayParts & { readonly rest: string };
  readonly slots: readonly (SlotParts & { readonly strategy: string })[];
  readonly decisions: ComparedDecisions;
  readonly fills: { readonly live: number; readonly shadow: number };
  /** Whether the bars known when the day was over, and those known now, are those that the session was told. */
  readonly sameBars: { readonly atEnd: boolean; readonly now: boolean };
}

/**
 * Runs a day of a session again as a backtest, from where it stood when the day began, with the answers that it was given, and
 * says what the difference comes from. Nothing of it depends on anything else, so that it always comes to the same.
 * @throws RangeError for a day that does not fit together.
 */
export function compareDay(day: ShadowDay): DayComparison {
  const { setup, closes, start } = day;
  const snapshot = readSnapshot(setup, start.snapshot);
  const opening = { cash: snapshot.cash, held: heldOf(day, snapshot) };
  const lines = closes.flatMap((close) => close.lines);
  const bars = toldBars(day);
  const owners = ownersOf(setup, snapshot, lines);
  const fillsOf = (some: readonly DayClose[]) => liveFills(setup, some, { owners, bars });
  const runs = runAll(day, snapshot, bars);
  const decided = lines.flatMap((line) => recordedDecision(setup, line)?.decision ?? []);
  const live = { fills: fillsOf(closes), marks: marksOf(bars) };
  const slots = splitDay({
    slots: setup.slots.map(({ id }) => id),
    held: opening.held,
    costs: fillCosts(day.costs),
    live,
    filled: runFills(fillDay(day, bars, decided), owners, bars),
    ...runs.books,
  });
  const rest = unexplained({ setup, start, closes, fillsOf }, opening);
  const total = (part: Exclude<keyof SlotParts, 'slot'>): string => sum(...slots.map((each) => each[part]));
  return {
    equityStart: equityOf(day, opening),
    equityEnd: { live: sum(opening.cash, total('live'), rest), shadow: sum(opening.cash, total('shadow')) },
    difference: sum(total('difference'), rest),
    parts: {
      data: total('data'),
      timing: total('timing'),
      fill: total('fill'),
      fee: total('fee'),
      decision: total('decision'),
      rest,
    },
    slots: slots.map((each, index) => ({ ...each, strategy: setup.slots[index]!.strategy.name })),
    decisions: compareDecisions(lines, runs.lines),
    fills: { live: live.fills.length, shadow: runs.books.now.fills.length },
    sameBars: runs.sameBars,
  };
}

/** The backtests of the day; on the same bars it is run once. */
function runAll(day: ShadowDay, snapshot: Snapshot, told: DayBars) {
  const [atEnd, now] = [barsOf(day, day.known.atEnd), barsOf(day, day.known.now)];
  const same = { atEnd: sameBars(told, atEnd), now: sameBars(told, now) };
  const run = (bars: DayBars): { readonly lines: readonly string[]; readonly books: DayBooks } => {
    const { lines, fills } = runDay(day, bars);
    const owners = ownersOf(day.setup, snapshot, lines);
    return { lines, books: { fills: runFills(fills, owners, bars), marks: marksOf(bars) } };
  };
  const onTold = run(told);
  const onEnd = same.atEnd ? onTold : run(atEnd);
  const onNow = same.now ? onTold : sameBars(atEnd, now) ? onEnd : run(now);
  return {
    lines: onTold.lines,
    books: { told: onTold.books, atEnd: onEnd.books, now: onNow.books },
    sameBars: same,
  };
}

function heldOf({ setup }: ShadowDay, { slots }: Snapshot): HeldLeg[] {
  return slots.flatMap(({ id, legs }, index) =>
    legs.map(({ book }, leg) => ({
      slot: id,
      stream: setup.slots[index]!.streams[leg]!,
      quantity: book.position.quantity,
    })),
  );
}

function equityOf({ setup, start }: ShadowDay, { cash, held }: { cash: string; held: HeldLeg[] }): string {
  const marks = new Map<string, string>();
  for (const [stream, bars] of start.bars) if (bars.length > 0) marks.set(stream, bars.at(-1)!.close);
  const worth = setup.slots.map(({ id }) => decimalText(worthOf(held, id, { fills: [], marks })));
  return sum(cash, ...worth);
}
