import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blackoutDays } from './earnings-blackout.ts';
import { exclusionsOf, type Candidate, type UniverseFilters } from './exclusions.ts';

const SOUND: Candidate = {
  blocked: false,
  bars: 20,
  expectedBars: 20,
  measures: { price: '10.5', dollarVolume: 1e6, ageDays: 400, spreadBps: 20, volatility: 0.3 },
  earningsDays: [],
};
const reasons = (candidate: Partial<Candidate>, filters: UniverseFilters): string[] =>
  exclusionsOf({ ...SOUND, ...candidate }, filters).map(({ reason }) => reason);

test('each filter at its limit, and past it', () => {
  const limits: [UniverseFilters, UniverseFilters, string][] = [
    [{ minDollarVolume: 1e6 }, { minDollarVolume: 1e6 + 1 }, 'dollar_volume'],
    [{ minPrice: '10.50' }, { minPrice: '10.500000000001' }, 'price'],
    [{ maxPrice: '10.5' }, { maxPrice: '10.499999999999' }, 'price'],
    [{ minAgeDays: 400 }, { minAgeDays: 401 }, 'age'],
    [{ maxSpreadBps: 20 }, { maxSpreadBps: 19.9 }, 'spread'],
    [{ minVolatility: 0.3 }, { minVolatility: 0.31 }, 'volatility'],
    [{ maxVolatility: 0.3 }, { maxVolatility: 0.29 }, 'volatility'],
  ];
  for (const [within, past, reason] of limits) {
    assert.deepEqual(reasons({}, within), []);
    assert.deepEqual(reasons({}, past), [reason]);
  }
});

test('what could not be measured is out of every range, and asked for by none it is not', () => {
  const unknown = { ...SOUND.measures!, dollarVolume: NaN, ageDays: NaN, spreadBps: NaN, volatility: NaN };
  const all = { minDollarVolume: 0, minAgeDays: 0, maxSpreadBps: 1e9, minVolatility: 0, maxVolatility: 1e9 };
  assert.deepEqual(reasons({ measures: unknown }, all), [
    'dollar_volume',
    'age',
    'spread',
    'volatility',
    'volatility',
  ]);
  assert.deepEqual(reasons({ measures: unknown }, {}), []);
});

test('too few bars, a blocked stream and reports of earnings keep out', () => {
  assert.deepEqual(reasons({ bars: 16 }, {}), []);
  assert.deepEqual(reasons({ bars: 15 }, {}), ['too_few_bars']);
  assert.deepEqual(reasons({ bars: 0, measures: undefined }, { minAgeDays: 1 }), ['too_few_bars']);
  assert.deepEqual(reasons({ blocked: true, earningsDays: ['2024-07-30'] }, {}), ['blocked', 'earnings']);
});

test('the days of a blackout are days in New York', () => {
  // 03:59 UTC of July 30 is the evening of July 29 there.
  const blackout = { daysBefore: 2, daysAfter: 1 };
  assert.deepEqual(blackoutDays(Date.UTC(2024, 6, 30, 3, 59), blackout), [
    '2024-07-28',
    '2024-07-29',
    '2024-07-30',
    '2024-07-31',
  ]);
  assert.deepEqual(blackoutDays(Date.UTC(2024, 6, 30, 4), { daysBefore: 0, daysAfter: 0 }), ['2024-07-30']);
});
