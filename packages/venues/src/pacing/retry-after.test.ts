import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfterMs } from './retry-after.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 12);

for (const [value, ms] of [
  ['0', 0],
  [' 120 ', 120_000],
  ['Mon, 05 Jan 2026 12:00:09 GMT', 9_000],
  ['Mon, 05 Jan 2026 11:59:59 GMT', 0],
  ['', undefined],
  ['-5', undefined],
  ['1.5', undefined],
  ['2026', 2_026_000],
  ['never GMT', undefined],
  ['9999999999', undefined],
] as const) {
  test(`retry-after: ${value}`, () => {
    assert.equal(retryAfterMs(new Headers({ 'retry-after': value }), NOW_MS), ms);
  });
}

test('without the header nothing is said', () => {
  assert.equal(retryAfterMs(new Headers(), NOW_MS), undefined);
});
