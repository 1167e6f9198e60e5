import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectedOpens, type Calendar, type Timeframe } from '@aistock/market';
import { guessCalendar } from './guess-calendar.ts';

const FROM_MS = Date.UTC(2024, 0, 2);
const FOUR_WEEKS_MS = 28 * 86_400_000;
const PRICES = { open: '1', high: '1', low: '1', close: '1', volume: '1' };

function guessOf(calendar: Calendar, timeframe: Timeframe, instrument: string, lengthMs = FOUR_WEEKS_MS) {
  const opens = [...expectedOpens(FROM_MS, FROM_MS + lengthMs, { calendar, timeframe })];
  return guessCalendar(
    opens.map((openMs) => ({ openMs, ...PRICES })),
    instrument,
    timeframe,
  );
}

for (const timeframe of ['5m', '1h', '1d'] as const) {
  test(`bars of ${timeframe} are known by the days and hours that they have`, () => {
    assert.equal(guessOf('always', timeframe, 'BTC/USDT'), 'always');
    assert.equal(guessOf('xnys', timeframe, 'SPY'), 'xnys');
    assert.equal(guessOf('fx', timeframe, 'EUR/USD'), 'fx');
  });
}

test('a currency pair without Sundays is one all the same', () => {
  assert.equal(guessOf('xnys', '1d', 'EUR/USD'), 'fx');
});

test('without a Saturday among the bars, and outside of New York, nothing is taken for granted', () => {
  assert.equal(guessOf('xnys', '5m', 'SPY', 2 * 86_400_000), 'always');
  const tokyo = Array.from({ length: 20 }, (_, day) => FROM_MS + day * 86_400_000 + 3_600_000)
    .filter((ms) => ![0, 6].includes(new Date(ms).getUTCDay()))
    .map((openMs) => ({ openMs, ...PRICES }));
  assert.equal(guessCalendar(tokyo, 'N225', '1h'), 'always');
  const early = tokyo.map((bar) => ({ ...bar, openMs: bar.openMs - 40 * 364 * 86_400_000 }));
  assert.equal(guessCalendar(early, 'GE', '1d'), 'always', 'before the years of the calendar');
});
