import type { CoreSetup } from '../../core/index.ts';
import { Decimal, decimalText } from '../../decimal.ts';
import { sum } from '../../portfolio/index.ts';
import type { DayFill } from './day-fill.ts';
import { recordedDecision } from '../rerun/recorded-decisions.ts';
import type { DayClose, DayStart } from '../shadow-day.ts';
import { worthOf, type HeldLeg } from './split-day.ts';

/** What the books began the day with. */
export interface OpeningBooks {
  /** Decimal text. */
  readonly cash: string;
  readonly held: readonly HeldLeg[];
}

interface Told {
  readonly setup: CoreSetup;
  readonly start: DayStart;
  readonly closes: readonly DayClose[];
  readonly fillsOf: (closes: readonly DayClose[]) => readonly DayFill[];
}

/**
 * What the session's own equity, as its last decision has it, holds besides what its fills come to: 0, where nothing but them
 * moved its books. Decimal text.
 * @throws RangeError where no decision of the day knew the equity.
 */
export function unexplained({ setup, start, closes, fillsOf }: Told, { cash, held }: OpeningBooks): string {
  for (let count = closes.length; count > 0; count--) {
    const equity = closes[count - 1]!.lines.map((line) => recordedDecision(setup, line)?.equity).findLast(
      (each) => each != null,
    );
    if (equity == null) continue;
    const until = closes.slice(0, count);
    const books = { fills: fillsOf(until), marks: marksAfter(start, until) };
    const explained = setup.slots.map(({ id }) => decimalText(worthOf(held, id, books)));
    return decimalText(new Decimal(equity).minus(sum(cash, ...explained)));
  }
  throw new RangeError('no decision of the day knew the equity of the account');
}

function marksAfter({ bars }: DayStart, closes: readonly DayClose[]): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  for (const [stream, seen] of bars) if (seen.length > 0) marks.set(stream, seen.at(-1)!.close);
  for (const { events } of closes)
    for (const event of events) if (event.type === 'bar') marks.set(event.stream, event.bar.close);
  return marks;
}
