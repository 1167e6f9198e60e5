import assert from 'node:assert/strict';
import { test } from 'node:test';
import { universeWindow } from './universe-window.ts';

const DAY_MS = 86_400_000;

test('days round the clock: the one that is still open is not among them', () => {
  const dayMs = Date.UTC(2024, 6, 30);
  assert.deepEqual(universeWindow(dayMs, 3, 'always'), {
    fromMs: dayMs - 3 * DAY_MS,
    toMs: dayMs - DAY_MS + 1,
  });
  assert.deepEqual(universeWindow(dayMs - 1, 1, 'always'), {
    fromMs: dayMs - 2 * DAY_MS,
    toMs: dayMs - 2 * DAY_MS + 1,
  });
});

const midnight = (day: number): number => Date.UTC(2024, 6, day, 4);

test('sessions: a day counts from its close on, and weekends are none', () => {
  const closeMs = Date.UTC(2024, 6, 30, 20);
  assert.deepEqual(universeWindow(closeMs, 3, 'xnys'), { fromMs: midnight(26), toMs: midnight(30) + 1 });
  assert.deepEqual(universeWindow(closeMs - 1, 1, 'xnys'), { fromMs: midnight(29), toMs: midnight(29) + 1 });
});

test('before the calendar begins nothing can be said', () => {
  assert.equal(universeWindow(Date.UTC(1998, 0, 5), 20, 'xnys'), undefined);
});
