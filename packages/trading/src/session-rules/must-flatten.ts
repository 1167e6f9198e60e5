import {
  closeMs as closeOf,
  expectedOpenBefore,
  fxWeekAt,
  TIMEFRAME_MS,
  xnysSessionAt,
  type BarSchedule,
  type Calendar,
} from '@aistock/market';
import type { OrderPolicy } from '../core/order-policy.ts';

/**
 * True from the last bar's close at which a position can still be left `flattenBeforeCloseMs` before the regular session
 * ends (an early close is its end), and in any case before it ends, until that day is over: everything that is held is to be
 * left, and nothing is entered. For `fx` the session is the week. A market that is always open never asks for it.
 * @param closeMs when the bar closed, Unix ms.
 * @param nextCloseMs when the next bar is expected to close: the next time at which could be decided.
 */
export function mustFlatten(
  { flattenBeforeCloseMs }: OrderPolicy,
  calendar: Calendar,
  closeMs: number,
  nextCloseMs: number,
): boolean {
  if (flattenBeforeCloseMs === null) return false;
  const endMs = sessionEndMs(calendar, closeMs);
  return endMs !== undefined && (nextCloseMs > endMs - flattenBeforeCloseMs || nextCloseMs >= endMs);
}

/**
 * When everything is to be left, whether a bar closes then or not: the last close that the calendar expects early enough, in
 * the session of a bar. Undefined where it is past by that bar's close, or where nothing asks for it.
 * @param newestCloseMs when the newest bar closed, Unix ms.
 */
export function flattenAtMs(
  { flattenBeforeCloseMs }: OrderPolicy,
  schedule: BarSchedule,
  newestCloseMs: number,
): number | undefined {
  const { calendar, timeframe } = schedule;
  if (flattenBeforeCloseMs === null || timeframe === '1d') return undefined;
  const endMs = sessionEndMs(calendar, newestCloseMs);
  if (endMs === undefined) return undefined;
  const latestMs = endMs - Math.max(1, flattenBeforeCloseMs);
  const openMs = expectedOpenBefore(latestMs - TIMEFRAME_MS[timeframe] + 1, 1, schedule);
  if (openMs === undefined) return undefined;
  const atMs = closeOf(openMs, timeframe, calendar);
  return atMs > newestCloseMs ? atMs : undefined;
}

/** When the regular session of the day (of the week for `fx`) ends that a bar closed in; undefined where there is none. */
function sessionEndMs(calendar: Calendar, closeMs: number): number | undefined {
  if (calendar === 'xnys') return xnysSessionAt(closeMs)?.regular.toMs;
  return calendar === 'fx' ? fxWeekAt(closeMs - 1)?.toMs : undefined;
}
