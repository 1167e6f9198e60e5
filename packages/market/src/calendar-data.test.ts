import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onMarketData, readMarketData } from '../test/market-data.ts';
import { countExpectedBars, dailyOpenMs, type Calendar } from './calendar.ts';
import { parseCsvBars } from './csv/csv-bars.ts';
import type { ExchangeDay } from './exchange-day.ts';
import { checkBars } from './quality/check-bars.ts';
import { findGaps } from './quality/gaps.ts';
import { reconcileCalendar, xnysDays } from './reconcile-calendar.ts';
import { DAY_MS, HOUR_MS, type Timeframe } from './timeframe.ts';

const HOLIDAYS = 'fixtures/lean/market-hours-database.json.gz';
const [FROM_MS, TO_MS] = [Date.UTC(1998, 0, 1), Date.UTC(2028, 0, 1)];
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
/** LEAN writes 7/3/2000. */
const isoOf = (text: string): string => dayOf(Date.parse(`${text} UTC`));

interface LeanHours {
  readonly holidays: readonly string[];
  readonly earlyCloses: Readonly<Record<string, string>>;
}

/** The sessions of US equities by LEAN's table: 09:30 to 16:00, or to its early close. */
function leanDays(): ExchangeDay[] {
  const { entries } = JSON.parse(readMarketData(HOLIDAYS)) as { entries: Record<string, LeanHours> };
  const { holidays, earlyCloses } = entries['Equity-usa-[*]']!;
  const closed = new Set(holidays.map(isoOf));
  const early = new Map(
    Object.entries(earlyCloses).map(([day, time]) => [isoOf(day), Number(time.slice(0, 2))]),
  );
  const days: ExchangeDay[] = [];
  for (let dayUtcMs = FROM_MS; dayUtcMs < TO_MS; dayUtcMs += DAY_MS) {
    const day = dayOf(dayUtcMs);
    if ([0, 6].includes(new Date(dayUtcMs).getUTCDay()) || closed.has(day)) continue;
    const at = (hour: number): number => dailyOpenMs(dayUtcMs, 'xnys') + hour * HOUR_MS;
    days.push({ day, opensMs: at(9.5), closesMs: at(early.get(day) ?? 16) });
  }
  return days;
}

/**
 * LEAN's early closes begin in 1999 and lack the last day of that year. The New York Stock Exchange has closed at 13:00 on
 * the day after Thanksgiving and on 24 December since 1993, and did so on 31 December 1999.
 */
const LEAN_LACKS: readonly string[] = ['1998-11-27', '1998-12-24', '1999-12-31'];

test('every day from 1998 to 2027 is as in LEAN, but for early closes that LEAN lacks', onMarketData, () => {
  const ours = xnysDays(FROM_MS, TO_MS);
  const theirs = leanDays();
  const { differences, closed } = reconcileCalendar(ours, theirs);
  assert.deepEqual(
    differences.map(({ day }) => day),
    LEAN_LACKS,
  );
  const afternoon = 3 * HOUR_MS;
  for (const difference of differences)
    assert.equal(difference.theirs!.closesMs - difference.ours!.closesMs, afternoon, difference.day);
  assert.deepEqual(closed, [], 'ours has the earlier close everywhere');
  assert.deepEqual([ours.length, theirs.length], [7545, 7545]);
  assert.deepEqual(
    [ours, theirs].map((days) => days.at(-1)!.day),
    ['2027-12-31', '2027-12-31'],
  );
});

function load(file: string, timeframe: Timeframe, calendar: Calendar) {
  const bars = parseCsvBars(readMarketData(file), { calendar });
  const clockMs = Date.UTC(2025, 0, 1);
  const { accepted, rejected } = checkBars(bars, { timeframe, calendar, clockMs, watermarkMs: null });
  const opens = accepted.map((bar) => bar.openMs);
  return { bars, rejected, opens, gaps: findGaps(opens, { timeframe, calendar }) };
}

test('EUR/USD of LEAN: no bar is outside of the week, and Sundays have daily bars', onMarketData, () => {
  for (const timeframe of ['1d', '1h', '1m'] as const) {
    const { bars, rejected, opens } = load(`bars/lean-oanda-fx/EUR-USD/${timeframe}.csv.gz`, timeframe, 'fx');
    assert.deepEqual([rejected, opens.length], [[], bars.length], timeframe);
    const schedule = { timeframe, calendar: 'fx' } as const;
    const outside = opens.filter((openMs) => countExpectedBars(openMs, openMs + 1, schedule) === 0);
    assert.deepEqual(outside, [], timeframe);
  }
  const { opens, gaps } = load('bars/lean-oanda-fx/EUR-USD/1d.csv.gz', '1d', 'fx');
  assert.equal(opens.filter((openMs) => new Date(openMs).getUTCDay() === 0).length, 620);
  const missing = gaps.reduce((sum, gap) => sum + gap.missingBars, 0);
  assert.deepEqual([opens.length, missing], [3738, 19], 'Christmas, New Year, and a week in 2016');
});

test('USD/JPY minutes of another broker fit the same week', onMarketData, () => {
  const { bars, rejected, opens, gaps } = load('bars/nautilus-fxcm/USD-JPY/1m.csv.gz', '1m', 'fx');
  assert.deepEqual([rejected, opens.length], [[], bars.length]);
  assert.ok(
    gaps.every((gap) => gap.missingBars < 60),
    JSON.stringify(gaps.slice(0, 3)),
  );
});
