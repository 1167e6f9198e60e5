import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_ORDERS } from '../core/order-policy.ts';
import { admitEntry, type EntryInputs } from './index.ts';
import { HOUR_MS, MINUTE_MS, sessionOf } from './xnys-days.fixture.ts';

const { midnightMs } = sessionOf('2024-11-29'); // closes at 13:00
const NOON = midnightMs + 12 * HOUR_MS;
const EXTENDED = { ...DEFAULT_ORDERS, extendedHours: true };

function inputs(change: Partial<EntryInputs> = {}): EntryInputs {
  return {
    calendar: 'xnys',
    timeframe: '5m',
    closeMs: NOON,
    nextCloseMs: (change.closeMs ?? NOON) + 5 * MINUTE_MS,
    style: 'market',
    entriesInSession: 0,
    lastEntryMs: null,
    ...change,
  };
}

test('nothing speaks against an entry in regular hours', () => {
  assert.deepEqual(admitEntry(DEFAULT_ORDERS, inputs()), []);
  assert.deepEqual(admitEntry(EXTENDED, inputs({ style: 'stop' })), []);
});

test('outside of regular hours only limits enter, and only where the policy lets them', () => {
  for (const hour of [8, 14]) {
    const closeMs = midnightMs + hour * HOUR_MS;
    assert.deepEqual(admitEntry(DEFAULT_ORDERS, inputs({ closeMs, style: 'limit' })), ['extended_hours_off']);
    for (const style of ['limit', 'marketable_limit'] as const)
      assert.deepEqual(admitEntry(EXTENDED, inputs({ closeMs, style })), []);
    for (const style of ['market', 'stop'] as const)
      assert.deepEqual(admitEntry(EXTENDED, inputs({ closeMs, style })), ['extended_needs_limit']);
  }
  const closed = inputs({ closeMs: midnightMs + 18 * HOUR_MS, style: 'limit' });
  assert.deepEqual(admitEntry(EXTENDED, closed), ['session_closed']);
});

test('an entry on a daily bar waits for the next session and is admitted', () => {
  const closeMs = midnightMs + 13 * HOUR_MS;
  const daily = inputs({ closeMs, nextCloseMs: closeMs + 75 * HOUR_MS, timeframe: '1d' });
  assert.deepEqual(admitEntry(DEFAULT_ORDERS, daily), []);
  const flatten = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 0 };
  assert.deepEqual(admitEntry(flatten, daily), ['flatten_needs_intraday']);
});

test('nothing is entered from the close on at which all is left', () => {
  const policy = { ...EXTENDED, flattenBeforeCloseMs: 10 * MINUTE_MS };
  const at = (minutes: number) =>
    admitEntry(policy, inputs({ closeMs: NOON + minutes * MINUTE_MS, style: 'limit' }));
  assert.deepEqual(at(45), []);
  assert.deepEqual(at(50), ['flatten_before_close']);
  assert.deepEqual(at(90), ['flatten_before_close']);
});

test('throttles count entries and the time since the last one', () => {
  const policy = { ...DEFAULT_ORDERS, entriesPerSessionMax: 2, entryIntervalMs: HOUR_MS };
  assert.deepEqual(admitEntry(policy, inputs({ entriesInSession: 1, lastEntryMs: NOON - HOUR_MS })), []);
  assert.deepEqual(admitEntry(policy, inputs({ entriesInSession: 2 })), ['session_entries_max']);
  assert.deepEqual(admitEntry(policy, inputs({ lastEntryMs: NOON - HOUR_MS + 1 })), ['entry_too_soon']);
});

test('every reason is told', () => {
  const policy = { ...DEFAULT_ORDERS, flattenBeforeCloseMs: 0, entriesPerSessionMax: 1, entryIntervalMs: 1 };
  const closeMs = midnightMs + 14 * HOUR_MS;
  assert.deepEqual(admitEntry(policy, inputs({ closeMs, entriesInSession: 1, lastEntryMs: closeMs })), [
    'extended_hours_off',
    'flatten_before_close',
    'session_entries_max',
    'entry_too_soon',
  ]);
});
