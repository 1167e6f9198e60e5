import { TIMEFRAME_MS } from '@aistock/market';
import { admitEntry, sessionDayMs } from '../../session-rules/index.ts';
import type { OrderStyle } from '../../strategies/index.ts';
import { paramsEnded } from './params-in-force.ts';
import type { Scope } from '../core-state.ts';
import type { StreamState } from '../stream-state.ts';
import { isWorking } from '../books/tracked-order.ts';

/** Everything that speaks against entering now, whatever the entry is. */
export function reasonsAgainstEntry(scope: Scope, style: OrderStyle['type']): string[] {
  const { slot, atMs } = scope;
  const isUnknown = [...slot.orders.values()].some((order) => order.status === 'UNKNOWN' && isWorking(order));
  return [
    ...againstState(scope),
    ...againstParams(scope),
    ...slot.legs.flatMap(({ stream }) => againstStream(stream, atMs)),
    ...(isUnknown ? ['order_unknown'] : []),
    ...againstHours(scope, style),
  ];
}

/** An inventory goes on with parameters that ended, and only reduces with them. */
function againstParams({ slot, atMs }: Scope): string[] {
  const ended = slot.setup.strategy.inventory === true ? paramsEnded(slot, atMs) : null;
  return ended === null ? [] : [ended];
}

function againstState({ state, slot }: Scope): string[] {
  return [
    ...[state.firmState, slot.tradingState]
      .filter((each) => each !== 'active')
      .map((each) => `trading_${each}`),
    ...(slot.isEnabled ? [] : ['not_selected']),
  ];
}

function againstStream({ quality, stale, newestCloseMs }: StreamState, atMs: number): string[] {
  return [
    ...(quality === 'block' ? ['stream_blocked'] : []),
    ...(quality === 'unknown' ? ['quality_unknown'] : []),
    ...(stale ? ['stream_stale'] : []),
    ...(newestCloseMs === atMs ? [] : ['leg_behind']),
  ];
}

function againstHours({ state, slot, atMs }: Scope, style: OrderStyle['type']): string[] {
  const { calendar, timeframe } = slot.legs[0].stream.setup;
  return admitEntry(state.setup.orders, {
    calendar,
    timeframe,
    closeMs: atMs,
    nextCloseMs: atMs + TIMEFRAME_MS[timeframe],
    style,
    entriesInSession: slot.session === sessionDayMs(calendar, atMs) ? slot.entriesInSession : 0,
    lastEntryMs: slot.lastEntryMs,
  });
}

/** Counts an entry that was made. */
export function countEntry({ slot, atMs }: Scope): void {
  const session = sessionDayMs(slot.legs[0].stream.setup.calendar, atMs);
  slot.entriesInSession = (slot.session === session ? slot.entriesInSession : 0) + 1;
  slot.session = session;
  slot.lastEntryMs = atMs;
}
