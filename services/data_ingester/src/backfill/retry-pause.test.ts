import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryPauseMs } from './retry-pause.ts';

test('what may pass is tried again after longer and longer pauses, for some minutes', () => {
  const pauses = Array.from({ length: 9 }, (_, index) => retryPauseMs('breaker_open', index + 1));
  assert.deepEqual(pauses.slice(0, 4), [1_000, 2_000, 4_000, 8_000]);
  assert.ok(pauses.every((pause) => pause !== undefined && pause <= 60_000));
  const totalMs = pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0);
  assert.ok(totalMs > 2 * 60_000 && totalMs < 10 * 60_000, String(totalMs));
  assert.equal(retryPauseMs('breaker_open', 10), undefined);
});

test('what does not pass by itself is not tried again', () => {
  for (const code of ['unknown_instrument', 'malformed_data', 'bars_faulty', 'stream_facts_changed'])
    assert.equal(retryPauseMs(code, 1), undefined);
});
