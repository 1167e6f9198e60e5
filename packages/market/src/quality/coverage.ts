import { countExpectedBars, type BarSchedule } from '../calendar.ts';
import { DAY_MS } from '../timeframe.ts';
import type { Gap } from './gaps.ts';

export type CoverageUnit = 'day' | 'week' | 'month';

/** How many of the expected bars of a stretch of time are held. */
export interface CoverageCell {
  /** 00:00 UTC of its first day, Unix ms. Weeks begin on Monday. */
  readonly fromMs: number;
  readonly expected: number;
  readonly missing: number;
}

/** The cells of a coverage, ascending; all of one unit. */
export interface Coverage {
  readonly unit: CoverageUnit;
  readonly cells: readonly CoverageCell[];
}

const DAYS_PER_WEEK = 7;
/** 1970-01-01 was a Thursday: three days after a Monday. */
const EPOCH_WEEKDAY = 3;

/** 00:00 UTC of the day that holds this time. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

/** The missing bars of a gap by the UTC day that expects them. */
export function missingByDay(gap: Gap, schedule: BarSchedule): Map<number, number> {
  const days = new Map<number, number>();
  for (let dayMs = dayOf(gap.fromMs); dayMs < gap.toMs; dayMs += DAY_MS) {
    const fromMs = Math.max(dayMs, gap.fromMs);
    const missing = countExpectedBars(fromMs, Math.min(dayMs + DAY_MS, gap.toMs), schedule);
    if (missing > 0) days.set(dayMs, missing);
  }
  return days;
}

/**
 * What is held of a stream from its first bar to its last, by UTC day; where that are more than `cellsMax`, by week, and
 * else by month. Cells without an expected bar are left out.
 */
export function coverageOf(
  range: { readonly firstOpenMs: number; readonly lastOpenMs: number },
  missing: ReadonlyMap<number, number>,
  terms: BarSchedule & { readonly cellsMax: number },
): Coverage {
  const days = (dayOf(range.lastOpenMs) - dayOf(range.firstOpenMs)) / DAY_MS + 1;
  const unit = days <= terms.cellsMax ? 'day' : days <= terms.cellsMax * DAYS_PER_WEEK ? 'week' : 'month';
  const cells = new Map<number, CoverageCell>();
  for (let dayMs = dayOf(range.firstOpenMs); dayMs <= range.lastOpenMs; dayMs += DAY_MS) {
    const from = Math.max(dayMs, range.firstOpenMs);
    const expected = countExpectedBars(from, Math.min(dayMs + DAY_MS, range.lastOpenMs + 1), terms);
    if (expected === 0) continue;
    const fromMs = startOf(dayMs, unit);
    const cell = cells.get(fromMs) ?? { fromMs, expected: 0, missing: 0 };
    const lost = Math.min(expected, missing.get(dayMs) ?? 0);
    cells.set(fromMs, { fromMs, expected: cell.expected + expected, missing: cell.missing + lost });
  }
  return { unit, cells: [...cells.values()] };
}

function startOf(dayMs: number, unit: CoverageUnit): number {
  if (unit === 'day') return dayMs;
  if (unit === 'week') return dayMs - ((dayMs / DAY_MS + EPOCH_WEEKDAY) % DAYS_PER_WEEK) * DAY_MS;
  const day = new Date(dayMs);
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth());
}
