import type { Calendar, Timeframe } from '@aistock/market';
import type { OrderPolicy } from '../core/order-policy.ts';
import type { OrderStyle } from '../strategies/index.ts';
import { mustFlatten } from './must-flatten.ts';
import { workingSession } from './session-kind.ts';

/** A wish to enter, and what its slot did before. */
export interface EntryInputs {
  readonly calendar: Calendar;
  readonly timeframe: Timeframe;
  /** The close that is decided at, Unix ms, and when the next bar is expected to close. */
  readonly closeMs: number;
  readonly nextCloseMs: number;
  readonly style: OrderStyle['type'];
  /** Entries of the slot in this session (see `sessionDayMs`), and when the last one was decided; null before the first. */
  readonly entriesInSession: number;
  readonly lastEntryMs: number | null;
}

/**
 * Every reason against entering now; none where nothing speaks against it. `session_closed`; `extended_hours_off`: it is
 * before or after the regular hours, and the policy keeps to them; `extended_needs_limit`: then only limit and bracket orders
 * may enter, and what enters a bracket is a limit; `flatten_before_close`; `flatten_needs_intraday`: a day's bars cannot be left
 * within the day; `session_entries_max`; `entry_too_soon`.
 */
export function admitEntry(policy: OrderPolicy, inputs: EntryInputs): string[] {
  const { calendar, timeframe, closeMs, nextCloseMs } = inputs;
  return [
    ...againstHours(policy, inputs),
    ...(policy.flattenBeforeCloseMs !== null && timeframe === '1d' ? ['flatten_needs_intraday'] : []),
    ...(timeframe !== '1d' && mustFlatten(policy, calendar, closeMs, nextCloseMs)
      ? ['flatten_before_close']
      : []),
    ...againstPace(policy, inputs),
  ];
}

function againstHours({ extendedHours }: OrderPolicy, inputs: EntryInputs): string[] {
  const session = workingSession(inputs.calendar, inputs.timeframe, inputs.closeMs);
  if (session === 'rth') return [];
  if (session === 'closed') return ['session_closed'];
  if (!extendedHours) return ['extended_hours_off'];
  return inputs.style === 'limit' || inputs.style === 'marketable_limit' ? [] : ['extended_needs_limit'];
}

function againstPace(policy: OrderPolicy, { closeMs, entriesInSession, lastEntryMs }: EntryInputs): string[] {
  const tooSoon = lastEntryMs !== null && closeMs - lastEntryMs < policy.entryIntervalMs;
  return [
    ...(entriesInSession >= policy.entriesPerSessionMax ? ['session_entries_max'] : []),
    ...(tooSoon ? ['entry_too_soon'] : []),
  ];
}
