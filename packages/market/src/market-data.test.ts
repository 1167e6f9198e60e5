import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { onMarketData, readMarketData } from '../test/market-data.ts';
import { QualityThresholds } from '@aistock/shared';
import type { Bar } from './bar.ts';
import { countExpectedBars, expectedOpens, isSessionOpen, type Calendar } from './calendar.ts';
import { parseCsvBars } from './csv/csv-bars.ts';
import { checkBars } from './quality/check-bars.ts';
import { findGaps } from './quality/gaps.ts';
import { qualityVerdict, type GapMeaning, type QualityCounts } from './quality/verdict.ts';
import type { Timeframe } from './timeframe.ts';

const CLOCK_MS = Date.parse('2025-01-01T00:00:00Z');

interface Anomalies {
  readonly misaligned?: number;
  readonly out_of_order?: number;
  readonly duplicate_timestamps?: { identical_ohlc: number; conflicting: number };
  readonly gaps?: {
    expected_bars?: number;
    missing_bars?: number;
    gap_runs?: number;
    missing_sessions?: number;
  };
  readonly bars_per_session?: Record<string, { pre: number; regular: number; post: number }>;
}
interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly market: string;
  readonly timeframe: string;
  readonly rows: number;
  readonly anomalies: Anomalies;
}

const entries = (): Entry[] => (JSON.parse(readMarketData('manifest.json')) as { entries: Entry[] }).entries;

function load(file: string, timeframe: Timeframe, calendar: Calendar) {
  const bars = parseCsvBars(readMarketData(file), { calendar });
  const checked = checkBars(bars, { timeframe, calendar, clockMs: CLOCK_MS, watermarkMs: null });
  const opens = checked.accepted.map((bar) => bar.openMs);
  return { bars, ...checked, opens, gaps: findGaps(opens, { timeframe, calendar }) };
}

function judge(counts: Omit<QualityCounts, 'findings'>, gapMeaning: GapMeaning): string {
  const whole = { ...counts, findings: {} };
  const rest = { gapMeaning, faultyBars: 0, quarantinedFiles: 0, staleNowBars: 1 };
  return qualityVerdict({ whole, recent: whole, ...rest }, QualityThresholds.parse({})).verdict;
}

const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 16);
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('BTC/USDT 5m: six outages are six gaps, reported and not filled', onMarketData, () => {
  const { accepted, rejected, gaps, opens } = load(
    'bars/nfi-binance-spot/BTC-USDT/5m.csv.gz',
    '5m',
    'always',
  );
  assert.deepEqual([accepted.length, rejected.length], [65_741, 0]);
  assert.equal(gaps.length, 6);
  assert.equal(sum(gaps.map((gap) => gap.missingBars)), 177);
  const largest = gaps.toSorted((a, b) => b.missingBars - a.missingBars)[0]!;
  assert.deepEqual([iso(largest.fromMs), largest.missingBars], ['2021-04-25T04:05', 56]);
  const expectedBars = countExpectedBars(opens[0]!, opens.at(-1)! + 1, {
    timeframe: '5m',
    calendar: 'always',
  });
  assert.equal(expectedBars, 65_918);
  assert.equal(judge({ bars: accepted.length, expectedBars, missingBars: 177 }, 'session'), 'warn');
});

test('ADA/BTC 1m of a source of trades only: minutes without a trade are not faults', onMarketData, () => {
  const { accepted, rejected, gaps } = load('bars/octobot-bittrex/ADA-BTC/1m.csv.gz', '1m', 'always');
  assert.deepEqual([accepted.length, rejected.length], [12_322, 0]);
  assert.deepEqual([gaps.length, sum(gaps.map((gap) => gap.missingBars))], [1421, 2076]);
  const counts = { bars: 12_322, expectedBars: 14_398, missingBars: 2076 };
  assert.equal(judge(counts, 'trades_only'), 'pass');
  assert.equal(judge(counts, 'session'), 'block');
});

function largestFalls(bars: readonly Bar[], count: number): string[] {
  const returns = bars.map((bar, i) =>
    i === 0 ? 0 : Math.log(Number(bar.close) / Number(bars[i - 1]!.close)),
  );
  return returns
    .map((value, i) => ({ value, day: iso(bars[i]!.openMs).slice(0, 10) }))
    .toSorted((a, b) => a.value - b.value)
    .slice(0, count)
    .map(({ day }) => day);
}

test('AAPL daily: every session since 1998, splits as they were traded', onMarketData, () => {
  const { bars, accepted, rejected, gaps } = load('bars/lean-equity/AAPL/1d.csv.gz', '1d', 'xnys');
  assert.deepEqual([accepted.length, rejected.length, gaps.length], [5849, 0, 0]);
  assert.deepEqual(accepted, bars);
  assert.deepEqual(largestFalls(accepted, 2), ['2014-06-09', '2020-08-31']);
  const adjusted = load('bars/stocknet-yahoo/AAPL/1d.csv.gz', '1d', 'xnys');
  assert.deepEqual([adjusted.accepted.length, adjusted.gaps.length], [1258, 0]);
  assert.ok(!largestFalls(adjusted.accepted, 5).includes('2014-06-09'));
});

test('SPY minutes: the regular session is whole, the extended one is told apart', onMarketData, () => {
  const file = 'bars/lean-equity/SPY/1m.csv.gz';
  const { accepted, rejected, gaps } = load(file, '1m', 'xnys');
  assert.deepEqual(rejected, []);
  assert.equal(gaps.length, 1, 'only the years between the two recordings');
  const documented = entries().find((entry) => entry.file === file)?.anomalies.bars_per_session ?? {};
  const counted = Map.groupBy(accepted, (bar) => iso(bar.openMs - 5 * 3_600_000).slice(0, 10));
  assert.equal(counted.size, Object.keys(documented).length);
  for (const [day, { pre, regular, post }] of Object.entries(documented)) {
    const opens = (counted.get(day) ?? []).map((bar) => bar.openMs);
    assert.equal(opens.filter((openMs) => isSessionOpen('xnys', openMs)).length, regular, day);
    assert.equal(
      opens.filter((openMs) => isSessionOpen('xnys', openMs, 'extended')).length,
      pre + regular + post,
      day,
    );
  }
});

test('S&P 500 daily of vega-datasets: all sessions from 2000 to 2020', () => {
  const file = new URL('../data/sp500-2000.csv', import.meta.resolve('vega-datasets'));
  const bars = parseCsvBars(readFileSync(file, 'utf8'), { calendar: 'xnys' });
  const check = { timeframe: '1d', calendar: 'xnys', clockMs: CLOCK_MS, watermarkMs: null } as const;
  const { accepted, rejected } = checkBars(bars, check);
  assert.deepEqual(rejected, []);
  const [from, to] = [Date.parse('2000-01-01T00:00Z'), Date.parse('2020-04-18T00:00Z')];
  assert.deepEqual(
    accepted.map((bar) => bar.openMs),
    [...expectedOpens(from, to, check)],
  );
});
