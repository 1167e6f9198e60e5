import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  barsPerYear,
  closeMs,
  countExpectedBars,
  dailyOpenMs,
  expectedOpens,
  isExpectedOpen,
  isSessionOpen,
  type BarSchedule,
} from './calendar.ts';

const ms = (text: string): number => Date.parse(text);
const iso = (time: number): string => new Date(time).toISOString().slice(0, 16);
const days = (from: string, to: string): string[] =>
  [...expectedOpens(ms(from), ms(to), { timeframe: '1d', calendar: 'xnys' })].map((open) =>
    iso(open).slice(0, 10),
  );

test('a bar closes its duration after it opens; a daily bar of xnys when the session does', () => {
  assert.equal(closeMs(0, '5m'), 300_000);
  assert.equal(closeMs(ms('2024-07-02T13:30Z'), '1m', 'xnys'), ms('2024-07-02T13:31Z'));
  assert.equal(iso(closeMs(ms('2024-07-02T04:00Z'), '1d', 'xnys')), '2024-07-02T20:00');
  assert.equal(iso(closeMs(ms('2024-01-02T05:00Z'), '1d', 'xnys')), '2024-01-02T21:00', 'winter time');
  assert.equal(iso(closeMs(ms('2024-11-29T05:00Z'), '1d', 'xnys')), '2024-11-29T18:00', 'short day');
  assert.equal(iso(closeMs(ms('2024-07-04T04:00Z'), '1d', 'xnys')), '2024-07-05T04:00', 'no session');
  assert.equal(iso(closeMs(ms('2024-07-02T00:00Z'), '1d', 'always')), '2024-07-03T00:00');
});

test('the sessions of weeks with a holiday', () => {
  assert.deepEqual(days('2024-12-23', '2025-01-11'), [
    '2024-12-23',
    '2024-12-24',
    '2024-12-26',
    '2024-12-27',
    '2024-12-30',
    '2024-12-31',
    '2025-01-02',
    '2025-01-03',
    '2025-01-06',
    '2025-01-07',
    '2025-01-08',
    '2025-01-10',
  ]);
  assert.deepEqual(days('2001-09-10', '2001-09-19'), ['2001-09-10', '2001-09-17', '2001-09-18']);
  assert.deepEqual(days('2012-10-26', '2012-11-01'), ['2012-10-26', '2012-10-31']);
  assert.ok(days('2021-12-31', '2022-01-04').includes('2021-12-31'), 'New Year on a Saturday is not kept');
  assert.ok(days('2021-06-18', '2021-06-19').includes('2021-06-18'), 'no Juneteenth before 2022');
  assert.deepEqual(days('2022-06-17', '2022-06-22'), ['2022-06-17', '2022-06-21'], 'Juneteenth on a Sunday');
  assert.deepEqual(days('2026-07-01', '2026-07-07'), ['2026-07-01', '2026-07-02', '2026-07-06']);
});

const closesEarly = (day: string): boolean => {
  const [openMs] = [...expectedOpens(ms(day), ms(day) + 86_400_000, { timeframe: '1d', calendar: 'xnys' })];
  assert.ok(openMs !== undefined);
  return closeMs(openMs, '1d', 'xnys') === openMs + 13 * 3_600_000;
};

test('short days', () => {
  const short = [
    '2002-07-05',
    '2012-07-03',
    '2013-07-03',
    '2003-12-26',
    '2024-07-03',
    '2024-11-29',
    '2024-12-24',
  ];
  assert.deepEqual(short.filter(closesEarly), short);
  const long = ['2013-07-05', '2020-07-02', '2022-07-01', '2021-12-23', '2022-12-23', '2024-12-26'];
  assert.deepEqual(long.filter(closesEarly), []);
});

const count = (day: string, schedule: Partial<BarSchedule>): number =>
  countExpectedBars(ms(day), ms(day) + 86_400_000, {
    timeframe: '1m',
    calendar: 'xnys',
    ...schedule,
  });

test('bars of a session: regular, extended and on a short day', () => {
  assert.equal(count('2024-07-02T04:00Z', {}), 390);
  assert.equal(count('2024-07-02T04:00Z', { sessions: 'extended' }), 960);
  assert.equal(count('2024-07-02T04:00Z', { timeframe: '30m' }), 13);
  assert.equal(count('2024-07-02T04:00Z', { timeframe: '1h' }), 7, 'the first one holds 09:30 to 10:00');
  assert.equal(count('2024-11-29T05:00Z', {}), 210);
  assert.equal(count('2024-11-29T05:00Z', { sessions: 'extended' }), 780);
});

test('session hours follow the clock of New York', () => {
  const open = (text: string): boolean => isSessionOpen('xnys', ms(text));
  assert.deepEqual(
    ['2024-03-08T14:29Z', '2024-03-08T14:30Z', '2024-03-08T20:59Z', '2024-03-08T21:00Z'].map(open),
    [false, true, true, false],
  );
  assert.deepEqual(
    ['2024-03-11T13:29Z', '2024-03-11T13:30Z', '2024-03-11T19:59Z', '2024-03-11T20:00Z'].map(open),
    [false, true, true, false],
    'the clock went forward on the 10th',
  );
  assert.equal(open('2024-07-04T15:00Z'), false);
  assert.equal(isSessionOpen('xnys', ms('2024-03-08T12:00Z'), 'extended'), true);
  assert.equal(isSessionOpen('always', 0), true);
});

test('counting agrees with making the list, for every timeframe', () => {
  const [from, to] = [ms('2024-10-30T07:13Z'), ms('2024-11-08T15:01Z')];
  for (const timeframe of ['1m', '5m', '15m', '30m', '1h', '4h', '1d'] as const) {
    for (const calendar of ['always', 'xnys', 'fx'] as const) {
      for (const sessions of ['regular', 'extended'] as const) {
        const schedule = { timeframe, calendar, sessions };
        const opens = [...expectedOpens(from, to, schedule)];
        assert.equal(opens.length, countExpectedBars(from, to, schedule));
        assert.ok(opens.every((open, i) => from <= open && open < to && (i === 0 || opens[i - 1]! < open)));
        assert.ok(opens.every((open) => isExpectedOpen(open, schedule)));
        assert.ok(!opens.some((open) => isExpectedOpen(open + 1, schedule)));
      }
    }
  }
});

test('outside of the years that it covers xnys expects and opens nothing', () => {
  const schedule = { timeframe: '1d', calendar: 'xnys' } as const;
  assert.equal(countExpectedBars(ms('2036-01-01'), ms('2037-01-01'), schedule), 0);
  assert.equal(countExpectedBars(ms('1990-01-01'), ms('1998-01-01'), schedule), 0);
  assert.equal(isSessionOpen('xnys', ms('2036-01-02T16:00Z')), false);
});

test('an empty or reversed range expects nothing', () => {
  const schedule = { timeframe: '1m', calendar: 'always' } as const;
  assert.equal(countExpectedBars(60_000, 0, schedule), 0);
  assert.deepEqual([...expectedOpens(60_000, 0, schedule)], []);
});

const fxOpen = (text: string): boolean => isSessionOpen('fx', ms(text));

test('the week of the currency market follows the clock of New York', () => {
  assert.deepEqual(
    ['2024-03-08T21:59Z', '2024-03-08T22:00Z', '2024-03-10T20:59Z', '2024-03-10T21:00Z'].map(fxOpen),
    [true, false, false, true],
    'the clock went forward on Sunday the 10th, before the week began',
  );
  assert.deepEqual(
    ['2024-11-01T20:59Z', '2024-11-01T21:00Z', '2024-11-03T21:59Z', '2024-11-03T22:00Z'].map(fxOpen),
    [true, false, false, true],
    'it went back on the 3rd',
  );
  assert.equal(fxOpen('2024-03-06T22:30Z'), true, 'there is no pause between two days');
  assert.equal(fxOpen('1997-12-26T12:00Z') || fxOpen('2036-01-09T12:00Z'), false);
  assert.equal(fxOpen('1998-01-01T00:00Z') && fxOpen('2035-12-31T23:59Z'), true);
});

test('days of the currency market are named in UTC, from Sunday to Friday', () => {
  const schedule = { timeframe: '1d', calendar: 'fx' } as const;
  const names = [...expectedOpens(ms('2024-03-07'), ms('2024-03-12'), schedule)].map(iso);
  assert.deepEqual(
    names.map((name) => name.slice(5)),
    ['03-07T00:00', '03-08T00:00', '03-10T00:00', '03-11T00:00'],
  );
  const closes = (text: string): string => iso(closeMs(ms(text), '1d', 'fx')).slice(5);
  assert.equal(closes('2024-03-07'), '03-08T00:00');
  assert.equal(closes('2024-03-08'), '03-08T22:00', 'Friday ends with the week');
  assert.equal(closes('2024-03-10'), '03-11T00:00');
  assert.equal(closes('2024-03-09'), '03-10T00:00', 'no session');
  assert.equal(closeMs(ms('2024-03-08T20:00Z'), '4h', 'fx'), ms('2024-03-09T00:00Z'));
  const hours = { timeframe: '1h', calendar: 'fx' } as const;
  assert.equal(countExpectedBars(ms('2024-03-03'), ms('2024-03-10'), hours), 120);
  assert.equal(countExpectedBars(ms('2024-03-10'), ms('2024-03-17'), hours), 120);
  assert.equal(dailyOpenMs(ms('2024-07-01'), 'fx'), ms('2024-07-01T00:00Z'));
  assert.equal(dailyOpenMs(ms('2024-07-01'), 'xnys'), ms('2024-07-01T04:00Z'));
});

test('bars of a year', () => {
  assert.equal(Math.round(barsPerYear('1d', 'fx')), 313);
  assert.equal(Math.round(barsPerYear('1h', 'fx')), 6257);
  assert.equal(barsPerYear('1d', 'xnys'), 252);
  assert.equal(barsPerYear('1m', 'xnys'), 252 * 390);
  assert.equal(barsPerYear('1h', 'always'), 8760);
});
