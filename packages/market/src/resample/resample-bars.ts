import type { Bar } from '../bar.ts';
import {
  closeMs,
  countExpectedBars,
  expectedOpenBefore,
  expectedOpens,
  isExpectedOpen,
  type BarSchedule,
} from '../calendar.ts';
import { compareDecimal, fromUnits, toUnits } from '../decimal.ts';
import { DAY_MS, TIMEFRAME_MS, type Timeframe } from '../timeframe.ts';

/** Which larger bars are wanted, and as of when. */
export interface ResampleTerms {
  /** Of the bars that are given: the calendar and the sessions hold for the larger bars too. */
  readonly schedule: BarSchedule;
  /** How long a larger bar lasts: a multiple of the smaller ones. */
  readonly to: Timeframe;
  /** Only larger bars whose last smaller bar had closed by then, Unix ms UTC. */
  readonly asOfMs: number;
}

/** A larger bar, and what it lacks. */
export interface ResampledBar extends Bar {
  /** Smaller bars that the calendar expects in it and that are not there. */
  readonly missingBars: number;
}

/** What came of the smaller bars. */
export interface Resampled {
  /** Ascending. A larger bar of whose smaller bars none is there is not made up. */
  readonly bars: readonly ResampledBar[];
  /** Smaller bars that the calendar does not expect, such as those outside of the sessions; they are left out. */
  readonly outside: number;
}

/** No market of the calendars stands still for longer. */
const NEXT_OPEN_WITHIN_MS = 14 * DAY_MS;

/**
 * Larger bars of smaller ones, exact, on the calendar's grid: a day of `xnys` holds its session, a week of `fx` ends on
 * Friday.
 * @param bars - ascending.
 * @throws RangeError where a larger bar is not made of whole smaller ones, or the bars do not ascend.
 */
export function resampleBars(bars: readonly Bar[], { schedule, to, asOfMs }: ResampleTerms): Resampled {
  const { timeframe } = schedule;
  if (to === timeframe || TIMEFRAME_MS[to] % TIMEFRAME_MS[timeframe] !== 0)
    throw new RangeError(`bars of ${to} are not made of bars of ${timeframe}`);
  const larger = { ...schedule, timeframe: to };
  const resampled: ResampledBar[] = [];
  let outside = 0;
  let own: Bar[] = [];
  let span: Span | undefined;
  const close = (): void => {
    if (span && own.length > 0 && lastCloseMs(span, schedule) <= asOfMs)
      resampled.push(merge(own, span, schedule));
    own = [];
  };
  for (const bar of bars) {
    const last = own.at(-1);
    if (last && bar.openMs <= last.openMs) throw new RangeError(`the bars do not ascend at ${bar.openMs}`);
    if (!isExpectedOpen(bar.openMs, schedule)) {
      outside += 1;
      continue;
    }
    if (!span || bar.openMs >= span.toMs) {
      close();
      span = spanOf(bar.openMs, larger);
    }
    own.push(bar);
  }
  close();
  return { bars: resampled, outside };
}

/** The time of a larger bar: from its open to the open of the next one. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function spanOf(openMs: number, larger: BarSchedule): Span {
  const fromMs = expectedOpenBefore(openMs + 1, 1, larger) ?? openMs;
  for (const toMs of expectedOpens(fromMs + 1, fromMs + NEXT_OPEN_WITHIN_MS, larger)) return { fromMs, toMs };
  return { fromMs, toMs: fromMs + TIMEFRAME_MS[larger.timeframe] };
}

/** When the last smaller bar of the span has closed. */
function lastCloseMs({ toMs }: Span, schedule: BarSchedule): number {
  const lastMs = expectedOpenBefore(toMs, 1, schedule) ?? toMs;
  return closeMs(lastMs, schedule.timeframe, schedule.calendar);
}

function merge(own: readonly Bar[], { fromMs, toMs }: Span, schedule: BarSchedule): ResampledBar {
  return {
    openMs: fromMs,
    open: own[0]!.open,
    high: own.map(({ high }) => high).reduce((a, b) => (compareDecimal(a, b) < 0 ? b : a)),
    low: own.map(({ low }) => low).reduce((a, b) => (compareDecimal(a, b) > 0 ? b : a)),
    close: own.at(-1)!.close,
    volume: fromUnits(own.reduce((sum, { volume }) => sum + toUnits(volume), 0n)),
    missingBars: countExpectedBars(fromMs, toMs, schedule) - own.length,
  };
}
