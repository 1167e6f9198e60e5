import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { onMarketData, readMarketData } from '../../test/market-data.ts';
import type { Bar } from '../bar.ts';
import { expectedOpens, type BarSchedule } from '../calendar.ts';
import { parseCsvBars } from '../csv/csv-bars.ts';
import { resampleBars, tradesToBars, type ResampledBar, type Trade } from './index.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FAR_MS = Date.UTC(2100);
const always = (timeframe: BarSchedule['timeframe']): BarSchedule => ({ timeframe, calendar: 'always' });

function bar(openMs: number, more: Partial<Bar> = {}): Bar {
  return { openMs, open: '2', high: '3', low: '1', close: '2', volume: '1', ...more };
}
const minutes = (from: number, count: number): Bar[] =>
  Array.from({ length: count }, (_, index) => bar((from + index) * MINUTE_MS));

function real(path: string): Bar[] {
  return parseCsvBars(readMarketData(`bars/${path}.csv.gz`), { calendar: 'always' });
}

function realTrades(): Trade[] {
  const rows = JSON.parse(readMarketData('fixtures/freqtrade/XRP_ETH-trades.json.gz')) as [
    number,
    string,
    null,
    string,
    number,
    number,
  ][];
  return rows.map(([atMs, , , , price, amount]) => ({ atMs, price: String(price), amount: String(amount) }));
}

function withoutCount({ openMs, open, high, low, close, volume }: ResampledBar): Bar {
  return { openMs, open, high, low, close, volume };
}

for (const timeframe of ['1m', '5m'] as const)
  test(`the trades of XRP/ETH are its bars of ${timeframe}, exactly`, onMarketData, () => {
    const bars = real(`freqtrade-testdata/XRP-ETH/${timeframe}`);
    assert.ok(bars.length > 700);
    assert.deepEqual(tradesToBars(realTrades(), { timeframe, asOfMs: FAR_MS }), bars);
  });

test(
  'minutes of XRP/ETH become its five minutes, and the minutes without a trade are counted',
  onMarketData,
  () => {
    const minuteBars = real('freqtrade-testdata/XRP-ETH/1m');
    const { bars, outside } = resampleBars(minuteBars, { schedule: always('1m'), to: '5m', asOfMs: FAR_MS });
    assert.deepEqual(bars.map(withoutCount), real('freqtrade-testdata/XRP-ETH/5m'));
    assert.equal(outside, 0);
    const missing = bars.reduce((sum, { missingBars }) => sum + missingBars, 0);
    assert.equal(missing, bars.length * 5 - minuteBars.length);
  },
);

/** In these hours around its outage the source itself tells other volumes of its hours than of their five minutes. */
const TOLD_OTHERWISE = ['2021-04-22T02:00', '2021-04-23T01:00', '2021-04-23T02:00'].map((text) =>
  Date.parse(`${text}Z`),
);
/** The volumes of the files are sums of float64. */
const FLOAT_NOISE = 1e-15;

for (const symbol of ['ADA', 'BTC', 'ETH', 'LTC', 'XRP'])
  test(`five minutes of ${symbol}/USDT become its hours`, onMarketData, () => {
    const hours = new Map(real(`nfi-binance-spot/${symbol}-USDT/1h`).map((each) => [each.openMs, each]));
    const fives = real(`nfi-binance-spot/${symbol}-USDT/5m`);
    const { bars } = resampleBars(fives, { schedule: always('5m'), to: '1h', asOfMs: FAR_MS });
    const whole = bars.filter(({ openMs, missingBars }) => missingBars === 0 && hours.has(openMs));
    assert.equal(whole.length, 5_476);
    for (const { openMs, volume, ...prices } of whole.map(withoutCount)) {
      const { openMs: _openMs, volume: told, ...wanted } = hours.get(openMs)!;
      assert.deepEqual(prices, wanted);
      const differs = Math.abs(Number(volume) / Number(told) - 1) > FLOAT_NOISE;
      assert.equal(differs, TOLD_OTHERWISE.includes(openMs), new Date(openMs).toISOString());
    }
  });

test('a larger bar is given once its last smaller bar has closed, and not before', () => {
  const bars = minutes(0, 130);
  const given = (asOfMs: number): number[] =>
    resampleBars(bars, { schedule: always('1m'), to: '1h', asOfMs }).bars.map(({ openMs }) => openMs);
  assert.deepEqual(given(HOUR_MS - 1), []);
  assert.deepEqual(given(HOUR_MS), [0]);
  assert.deepEqual(given(2 * HOUR_MS), [0, HOUR_MS]);
  assert.deepEqual(given(3 * HOUR_MS - 1), [0, HOUR_MS]);
});

test('what is missing is counted and never made up', () => {
  const bars = [...minutes(0, 10), ...minutes(50, 5), ...minutes(180, 60)];
  const resampled = resampleBars(bars, { schedule: always('1m'), to: '1h', asOfMs: FAR_MS }).bars;
  assert.deepEqual(
    resampled.map(({ openMs, missingBars, volume }) => [openMs / HOUR_MS, missingBars, volume]),
    [
      [0, 45, '15'],
      [3, 0, '60'],
    ],
  );
});

test('open, high, low, close and volume are exact', () => {
  const bars = [
    bar(0, { open: '1', high: '12345678901234567.01', low: '0.2', volume: '0.1' }),
    bar(MINUTE_MS, { high: '12345678901234567.02', low: '0.1000000001', volume: '0.2' }),
    bar(2 * MINUTE_MS, { low: '0.1000000002', close: '7', volume: '0.000000000001' }),
  ];
  const [merged] = resampleBars(bars, { schedule: always('1m'), to: '5m', asOfMs: FAR_MS }).bars;
  assert.deepEqual(merged, {
    openMs: 0,
    open: '1',
    high: '12345678901234567.02',
    low: '0.1000000001',
    close: '7',
    volume: '0.300000000001',
    missingBars: 2,
  });
});

test('a day of the exchange holds its session, a short one too, and nothing around it', () => {
  // The Friday after Thanksgiving 2023 closes at 13:00 in New York; the Monday after it at 16:00.
  const schedule = { timeframe: '1m', calendar: 'xnys' } as const;
  const [friday, monday] = [Date.UTC(2023, 10, 24, 5), Date.UTC(2023, 10, 27, 5)];
  const opens = [...expectedOpens(friday, monday + 24 * HOUR_MS, schedule)];
  const early = bar(friday + 8 * HOUR_MS, { high: '99' });
  const { bars, outside } = resampleBars([early, ...opens.map((openMs) => bar(openMs))], {
    schedule,
    to: '1d',
    asOfMs: FAR_MS,
  });
  assert.deepEqual(
    bars.map(({ openMs, volume, high, missingBars }) => [openMs, volume, high, missingBars]),
    [
      [friday, '210', '3', 0],
      [monday, '390', '3', 0],
    ],
  );
  assert.equal(outside, 1);
  const closed = friday + 13 * HOUR_MS;
  const at = (asOfMs: number): number =>
    resampleBars(
      opens.map((openMs) => bar(openMs)),
      { schedule, to: '1d', asOfMs },
    ).bars.length;
  assert.deepEqual([at(closed - 1), at(closed)], [0, 1]);
});

test('days and hours over a change of the clocks and a weekend hold what the calendar expects', () => {
  for (const calendar of ['always', 'xnys', 'fx'] as const)
    for (const to of ['1h', '4h', '1d'] as const) {
      const schedule = { timeframe: '5m', calendar } as const;
      const opens = [...expectedOpens(Date.UTC(2024, 2, 4, 6), Date.UTC(2024, 2, 19, 6), schedule)];
      const { bars, outside } = resampleBars(
        opens.map((openMs) => bar(openMs)),
        { schedule, to, asOfMs: FAR_MS },
      );
      assert.equal(outside, 0);
      assert.equal(
        bars.reduce((sum, { volume }) => sum + Number(volume), 0),
        opens.length,
      );
      const inner = bars.slice(1, -1);
      assert.ok(
        inner.every(({ missingBars }) => missingBars === 0),
        `${calendar} ${to}`,
      );
      const larger = new Set(
        expectedOpens(Date.UTC(2024, 2, 1), Date.UTC(2024, 2, 21), { timeframe: to, calendar }),
      );
      assert.ok(bars.every(({ openMs }) => larger.has(openMs)));
    }
});

test('in two steps or in one, the larger bars are the same', () => {
  const values = fc.record({
    keep: fc.boolean(),
    open: fc.integer({ min: 1, max: 1e6 }).map((n) => String(n / 100)),
    volume: fc.nat(1e6).map((n) => String(n / 1000)),
  });
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 300 }), (list) => {
      const bars = list.flatMap(({ keep, open, volume }, index) =>
        keep ? [bar(index * MINUTE_MS, { open, high: open, low: open, close: open, volume })] : [],
      );
      const once = resampleBars(bars, { schedule: always('1m'), to: '1h', asOfMs: FAR_MS }).bars;
      const fives = resampleBars(bars, { schedule: always('1m'), to: '5m', asOfMs: FAR_MS }).bars;
      const twice = resampleBars(fives, { schedule: always('5m'), to: '1h', asOfMs: FAR_MS }).bars;
      assert.deepEqual(twice.map(withoutCount), once.map(withoutCount));
    }),
  );
});

test('what cannot be is refused', () => {
  const terms = { asOfMs: FAR_MS };
  assert.throws(() => resampleBars([], { ...terms, schedule: always('1h'), to: '1h' }), RangeError);
  assert.throws(() => resampleBars([], { ...terms, schedule: always('1h'), to: '5m' }), RangeError);
  assert.throws(
    () => resampleBars(minutes(0, 3).toReversed(), { ...terms, schedule: always('1m'), to: '5m' }),
    RangeError,
  );
  const trades = [2, 1].map((atMs) => ({ atMs, price: '1', amount: '1' }));
  assert.throws(() => tradesToBars(trades, { timeframe: '1m', asOfMs: FAR_MS }), RangeError);
  assert.deepEqual(tradesToBars([], { timeframe: '1m', asOfMs: FAR_MS }), []);
});

test('trades of a time that has not passed make no bar yet', () => {
  const trades = [1, 59_999, 60_000].map((atMs) => ({ atMs, price: String(atMs), amount: '0.1' }));
  const count = (asOfMs: number): number => tradesToBars(trades, { timeframe: '1m', asOfMs }).length;
  assert.deepEqual([count(59_999), count(60_000), count(119_999), count(120_000)], [0, 1, 1, 2]);
  assert.deepEqual(tradesToBars(trades, { timeframe: '1m', asOfMs: 60_000 })[0], {
    openMs: 0,
    open: '1',
    high: '59999',
    low: '1',
    close: '59999',
    volume: '0.2',
  });
});
