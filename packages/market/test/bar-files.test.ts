// Every recorded file against the counts that its manifest documents. Where the manifest counts by another definition than
// ours the test says so and counts its way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityThresholds } from '@aistock/shared';
import type { Bar } from '../src/bar.ts';
import type { Calendar } from '../src/calendar.ts';
import { parseCsvBars } from '../src/csv/csv-bars.ts';
import { CsvError } from '../src/csv/csv-error.ts';
import { checkBars, countRejections, type RejectionReason } from '../src/quality/check-bars.ts';
import { findGaps, type Gap } from '../src/quality/gaps.ts';
import { MONITOR_START, monitorBars } from '../src/quality/monitor-bars.ts';
import { DAY_MS, isTimeframe, TIMEFRAME_MS, type Timeframe } from '../src/timeframe.ts';
import { onMarketData, readMarketData } from './market-data.ts';

const CLOCK_MS = Date.parse('2025-01-01T00:00:00Z');

interface Anomalies {
  readonly out_of_order: number;
  readonly duplicate_timestamps: { readonly identical_ohlc: number; readonly conflicting: number };
  readonly misaligned?: number;
  readonly ohlc_violations: Readonly<Record<string, number>>;
  readonly gaps?: {
    readonly missing_bars?: number;
    readonly gap_runs?: number;
    readonly missing_sessions?: number;
    readonly n_bars_on_non_sessions?: number;
    readonly intraweek_missing_bars?: number;
  };
  readonly zero_volume: number;
  readonly 'flat_bars_o=h=l=c': number;
  readonly longest_unchanged_close_run: number;
}
interface Entry {
  readonly file: string;
  readonly kind: string;
  readonly market: string;
  readonly timeframe: string;
  readonly rows: number;
  readonly anomalies: Anomalies;
}

const barFiles = (): Entry[] =>
  (JSON.parse(readMarketData('manifest.json')) as { entries: Entry[] }).entries.filter(({ file }) =>
    file.startsWith('bars/'),
  );
const isOurs = (entry: Entry): entry is Entry & { timeframe: Timeframe } =>
  entry.kind === 'ohlcv' && isTimeframe(entry.timeframe);
/** The manifest counts what is missing of currencies and futures on the clock of round the week; see below. */
const calendarOf = ({ market }: Entry): Calendar =>
  market.startsWith('equity') || market.startsWith('index') ? 'xnys' : 'always';
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const missingIn = (gaps: readonly Gap[]): number => sum(gaps.map(({ missingBars }) => missingBars));

function check(entry: Entry & { timeframe: Timeframe }) {
  const calendar = calendarOf(entry);
  const { timeframe } = entry;
  const bars = parseCsvBars(readMarketData(entry.file), { calendar });
  const { accepted, rejected } = checkBars(bars, {
    timeframe,
    calendar,
    clockMs: CLOCK_MS,
    watermarkMs: null,
  });
  const counts = new Map(countRejections(rejected).map(({ reason, count }) => [reason, count]));
  const opens = accepted.map(({ openMs }) => openMs);
  const count = (reason: RejectionReason): number => counts.get(reason) ?? 0;
  const misaligned = rejected.filter(({ reason }) => reason === 'misaligned').map(({ bar }) => bar);
  return { bars, accepted, rejected, count, misaligned, gaps: findGaps(opens, { timeframe, calendar }) };
}
type Checked = ReturnType<typeof check>;

test('order, duplicates, alignment, OHLC and gaps are as the manifest counts them', onMarketData, () => {
  const entries = barFiles().filter(isOurs);
  assert.equal(entries.length, 115);
  const offSession: [file: string, bars: number][] = [];
  let compared = 0;
  for (const entry of entries) {
    const checked = check(entry);
    assertCounts(entry, checked);
    assertShapes(entry, checked);
    const offSessionBars = assertAlignment(entry, checked);
    if (offSessionBars > 0) offSession.push([entry.file, offSessionBars]);
    if (assertGaps(entry, checked)) compared++;
  }
  // A future under another name, which trades until 13:00 on two holidays of the stock exchange.
  assert.deepEqual(offSession, [['bars/lumibot/XYZ/1m.csv.gz', 420]]);
  assert.equal(compared, 101, 'files whose manifest counts gaps');
});

function assertCounts({ file, rows, anomalies }: Entry, { bars, accepted, rejected, count }: Checked): void {
  assert.equal(bars.length, rows, file);
  assert.equal(accepted.length + rejected.length, rows, file);
  const twins = anomalies.duplicate_timestamps;
  assert.deepEqual(
    [count('out_of_order'), count('duplicate_identical'), count('duplicate_conflicting')],
    [anomalies.out_of_order, twins.identical_ohlc, twins.conflicting],
    file,
  );
  const faults = ['ohlc_inconsistent', 'non_positive_price', 'not_a_number', 'negative_volume'] as const;
  const violations = Object.values(anomalies.ohlc_violations);
  assert.equal(sum(faults.map(count)), sum(violations), file);
}

/**
 * Of daily bars the manifest counts those on no session, of shorter ones those off the clock; here the latter are misaligned
 * too where their day has no session. Answers how many those are.
 */
function assertAlignment(
  { file, timeframe, anomalies }: Entry & { timeframe: Timeframe },
  { misaligned }: Checked,
): number {
  const offClock = misaligned.filter(({ openMs }) => openMs % TIMEFRAME_MS[timeframe] !== 0).length;
  if (anomalies.misaligned === undefined) {
    assert.equal(misaligned.length, anomalies.gaps?.n_bars_on_non_sessions ?? 0, file);
    return 0;
  }
  assert.equal(offClock, anomalies.misaligned, file);
  return misaligned.length - offClock;
}

/** False where the manifest counts no gaps. */
function assertGaps(
  { file, timeframe, anomalies }: Entry & { timeframe: Timeframe },
  { gaps, count }: Checked,
): boolean {
  const told = anomalies.gaps ?? {};
  if (told.intraweek_missing_bars !== undefined) {
    // The manifest takes an interruption of a day or longer for a break, and all shorter ones for gaps.
    const short = gaps.filter(({ missingBars }) => missingBars * TIMEFRAME_MS[timeframe] < DAY_MS);
    assert.deepEqual([missingIn(short), short.length], [told.intraweek_missing_bars, told.gap_runs], file);
    return true;
  }
  const missing = told.missing_bars ?? told.missing_sessions;
  if (missing === undefined) return false;
  // A row behind its predecessor is there for the manifest; here it is refused, so that its interval is missing.
  assert.equal(missingIn(gaps) - count('out_of_order'), missing, file);
  if (told.gap_runs !== undefined && count('out_of_order') === 0)
    assert.equal(gaps.length, told.gap_runs, file);
  return true;
}

const isFlat = ({ open, high, low, close }: Bar): boolean => open === high && open === low && open === close;

/** Bars without volume, flat bars, and the longest run of closes that stand still. */
function assertShapes(
  { file, timeframe, anomalies }: Entry & { timeframe: Timeframe },
  { bars }: Checked,
): void {
  assert.equal(bars.filter(({ volume }) => volume === '0').length, anomalies.zero_volume, file);
  assert.equal(bars.filter(isFlat).length, anomalies['flat_bars_o=h=l=c'], file);
  const thresholds = QualityThresholds.parse({ stale_bars: 2 });
  const { findings } = monitorBars(bars, { timeframe, thresholds }, MONITOR_START);
  const longest = findings
    .filter(({ kind }) => kind === 'stale')
    .reduce((most, { size }) => Math.max(most, size), 1);
  // A run of n equal closes has n - 1 that did not change.
  assert.equal(longest - 1, anomalies.longest_unchanged_close_run, file);
}

test('what is no bar of a known length is refused for that', onMarketData, () => {
  const others = barFiles().filter((entry) => !isOurs(entry));
  const reasons = Map.groupBy(others, (entry) => {
    if (entry.kind === 'ohlcv') return isTimeframe(entry.timeframe) ? 'none' : 'timeframe';
    try {
      parseCsvBars(readMarketData(entry.file), { calendar: 'always' });
      return 'none';
    } catch (error) {
      assert.ok(error instanceof CsvError);
      assert.equal(error.line, 1, entry.file);
      return 'header';
    }
  });
  const counts = Object.fromEntries([...reasons].map(([reason, files]) => [reason, files.length]));
  assert.deepEqual(counts, { header: 41, timeframe: 1 });
});

/** The days of far outliers. */
function outliers(file: string): string[] {
  const bars = parseCsvBars(readMarketData(file), { calendar: 'xnys' });
  const terms = { timeframe: '1d', thresholds: QualityThresholds.parse({}) } as const;
  return monitorBars(bars, terms, MONITOR_START)
    .findings.filter(({ kind, size }) => kind === 'outlier' && size > 30)
    .map(({ openMs }) => new Date(openMs).toISOString().slice(0, 10));
}

test('splits in raw prices are outliers, and a calm series has none', onMarketData, () => {
  assert.deepEqual(outliers('bars/lean-equity/AAPL/1d.csv.gz'), ['2014-06-09', '2020-08-31']);
  assert.deepEqual(outliers('bars/stocknet-yahoo/AAPL/1d.csv.gz'), []);
});

test('the dirty files are refused for what is wrong with them', onMarketData, () => {
  const daily = parseCsvBars(readMarketData('fixtures/dirty/XYZ_1D.csv').replace(/^time,/, 'date,'), {
    calendar: 'xnys',
  });
  const checked = checkBars(daily, {
    timeframe: '1d',
    calendar: 'xnys',
    clockMs: CLOCK_MS,
    watermarkMs: null,
  });
  // Its columns are named wrongly: what is called high is the open, and what is called low the high.
  const [counted] = countRejections(checked.rejected);
  assert.equal(counted?.reason, 'ohlc_inconsistent');
  assert.ok(counted.count > daily.length * 0.9, `${counted.count} of ${daily.length}`);
  assert.throws(
    () => parseCsvBars(readMarketData('fixtures/dirty/backtrader_ticksample.csv'), { calendar: 'xnys' }),
    CsvError,
  );
});
