import {
  reconcileCalendar,
  xnysDays,
  type ExchangeDay,
  type Hours,
  type ReconciledCalendar,
} from '@aistock/market';
import type { Clock, Logger, StopHook } from '@aistock/service-kit';
import type { BarSource } from '@aistock/venues';
import type { StreamSpec } from '../stream-spec.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The first year of the table. */
const FROM_MS = Date.UTC(1998, 0, 1);
/** How far ahead a calendar is believed to be complete. */
const AHEAD_MS = 90 * DAY_MS;
/** Told in /status at most; the metric counts them all. */
const TOLD_MAX = 100;

/** Our table of the New York Stock Exchange beside the calendar of a source that has one. */
export interface CalendarWatch {
  /** Asks the source, unless it told within the last day; what it cannot tell leaves things as they were. */
  readonly check: () => Promise<void>;
  /** When the market is closed by the source and open by the table: no bar is missing then. */
  readonly closed: () => readonly Hours[];
  /** What /status tells; null where no source has a calendar. */
  readonly state: () => CalendarState | null;
}

export interface CalendarState {
  readonly source: string;
  /** When the source last answered; null before. */
  readonly checked_ms: number | null;
  readonly differing_days: number;
  readonly differences: readonly {
    readonly day: string;
    readonly ours: WireHours | null;
    readonly theirs: WireHours | null;
  }[];
}

interface WireHours {
  readonly opens_ms: number;
  readonly closes_ms: number;
}

export interface CalendarWatchTerms {
  readonly sources: readonly Pick<BarSource, 'name' | 'calendarDays'>[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export function calendarWatch({ sources, clock, logger }: CalendarWatchTerms): CalendarWatch {
  const source = sources.find(({ calendarDays }) => calendarDays !== undefined);
  let found: ReconciledCalendar = { differences: [], closed: [] };
  let checkedMs: number | null = null;
  const isFresh = (): boolean => checkedMs !== null && Math.abs(clock.nowMs() - checkedMs) < DAY_MS;
  return {
    check: async () => {
      if (source?.calendarDays === undefined || isFresh()) return;
      const toMs = clock.nowMs() + AHEAD_MS;
      try {
        found = reconcileCalendar(xnysDays(FROM_MS, toMs), await source.calendarDays(FROM_MS, toMs));
      } catch (error) {
        logger.warn('a calendar could not be compared', { source: source.name, error });
        return;
      }
      checkedMs = clock.nowMs();
      const days = found.differences.map(({ day }) => day).slice(0, TOLD_MAX);
      if (days.length > 0)
        logger.warn('calendars differ, the earlier close is used', { source: source.name, days });
    },
    closed: () => found.closed,
    state: () =>
      source ? { source: source.name, checked_ms: checkedMs, ...toWireDifferences(found) } : null,
  };
}

function toWireDifferences({
  differences,
}: ReconciledCalendar): Pick<CalendarState, 'differing_days' | 'differences'> {
  return {
    differing_days: differences.length,
    differences: differences
      .slice(-TOLD_MAX)
      .map(({ day, ours, theirs }) => ({ day, ours: toWireHours(ours), theirs: toWireHours(theirs) })),
  };
}

function toWireHours(day: ExchangeDay | undefined): WireHours | null {
  return day ? { opens_ms: day.opensMs, closes_ms: day.closesMs } : null;
}

/** A stream that expects no bars while the exchange is closed after all, as far as that is known when it is asked. */
export function watched<S extends Pick<StreamSpec, 'calendar' | 'closed'>>(
  stream: S,
  watch: CalendarWatch,
): S {
  if (stream.calendar !== 'xnys') return stream;
  return {
    ...stream,
    get closed() {
      return watch.closed();
    },
  };
}

/** Checks now and every hour whether it is time to. */
export function startCalendarWatch({ check }: CalendarWatch): StopHook {
  void check();
  const timer = setInterval(() => void check(), HOUR_MS);
  timer.unref();
  return {
    name: 'calendar watch',
    run: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
