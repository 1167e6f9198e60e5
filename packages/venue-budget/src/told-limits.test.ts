import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldLimits } from './told-limits.ts';

const NOW_MS = Date.UTC(2026, 0, 5, 12, 0, 0);
const MINUTE = { windowMs: 60_000, weightMax: 200 };
const DAY = { windowMs: 86_400_000, weightMax: 5000 };

const told = (status: number, headers: Record<string, string>, windows = [MINUTE, DAY]) =>
  toldLimits({ venue: 'binance', status, headers: new Headers(headers), nowMs: NOW_MS }, windows);

test('an answer that says nothing changes nothing', () => {
  assert.deepEqual(told(200, {}), { banMs: undefined, used: [] });
  assert.deepEqual(told(503, { 'retry-after': '9' }), { banMs: undefined, used: [] });
});

for (const [what, status, headers, banMs] of [
  ['seconds', 429, { 'retry-after': '17' }, 17_000],
  ['a date', 418, { 'retry-after': 'Mon, 05 Jan 2026 12:03:00 GMT' }, 180_000],
  [
    'a date beside the clock of the venue',
    429,
    { 'retry-after': 'Mon, 05 Jan 2026 13:00:30 GMT', date: 'Mon, 05 Jan 2026 13:00:00 GMT' },
    30_000,
  ],
  ['a date that has passed', 429, { 'retry-after': 'Mon, 05 Jan 2026 11:00:00 GMT' }, 1],
  ['no time at all', 429, { 'retry-after': 'soon' }, 60_000],
  ['no header', 418, {}, 120_000],
  ['the reset of Alpaca', 429, { 'x-ratelimit-reset': String(NOW_MS / 1000 + 12) }, 12_000],
  ['a reset that has passed', 429, { 'x-ratelimit-reset': String(NOW_MS / 1000 - 12) }, 60_000],
  [
    'the reset beside the clock of the venue',
    429,
    { 'x-ratelimit-reset': String(NOW_MS / 1000 + 3612), date: 'Mon, 05 Jan 2026 13:00:00 GMT' },
    12_000,
  ],
  ['a hundred years', 418, { 'retry-after': '999999999' }, 7 * 86_400_000],
] as const) {
  test(`a ban told by ${what}`, () => {
    assert.equal(told(status, headers).banMs, banMs);
  });
}

test("Binance's used weight is read for the window that it names", () => {
  const headers = { 'X-MBX-USED-WEIGHT': '7', 'X-MBX-USED-WEIGHT-1M': '42', 'X-MBX-USED-WEIGHT-1D': '600' };
  assert.deepEqual(told(200, headers).used, [
    { windowMs: 60_000, weight: 42 },
    { windowMs: 86_400_000, weight: 600 },
  ]);
  assert.deepEqual(told(200, headers, [{ windowMs: 10_000, weightMax: 5 }]).used, []);
});

test('more than all is all, and what is no number is nothing', () => {
  assert.deepEqual(told(200, { 'x-mbx-used-weight-1m': '99999' }).used, [{ windowMs: 60_000, weight: 200 }]);
  assert.deepEqual(told(200, { 'x-mbx-used-weight-1m': '-3' }).used, []);
});

test("Alpaca's rest counts against the shortest window; a larger plan than ours is no use of it", () => {
  assert.deepEqual(told(200, { 'x-ratelimit-remaining': '150' }).used, [{ windowMs: 60_000, weight: 50 }]);
  assert.deepEqual(told(200, { 'x-ratelimit-remaining': '900' }).used, [{ windowMs: 60_000, weight: 0 }]);
});

test('a rest is of the window with the limit that is told beside it, as Finnhub does', () => {
  const windows = [
    { windowMs: 1_000, weightMax: 30 },
    { windowMs: 60_000, weightMax: 60 },
  ];
  const rest = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '10' };
  assert.deepEqual(told(200, rest, windows).used, [{ windowMs: 60_000, weight: 50 }]);
});
