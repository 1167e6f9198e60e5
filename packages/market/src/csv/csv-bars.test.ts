import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bar } from '../bar.ts';
import { normaliseDecimal } from '../decimal.ts';
import { csvBarParser, formatCsvBars, parseCsvBars } from './csv-bars.ts';
import { CsvError } from './csv-error.ts';

const HEADER = 'timestamp,open,high,low,close,volume\n';
const always = { calendar: 'always' } as const;

const number = fc
  .tuple(fc.nat(), fc.nat(999_999_999))
  .map(([whole, fraction]) => normaliseDecimal(`${whole}.${fraction}`));
const bar: fc.Arbitrary<Bar> = fc.record(
  {
    openMs: fc.nat(8_640_000_000_000_000),
    open: number,
    high: number,
    low: number,
    close: number,
    volume: number,
  },
  { noNullPrototype: true },
);

test('formatting then parsing is the identity, in pieces of any size', () => {
  fc.assert(
    fc.property(fc.array(bar), fc.integer({ min: 1, max: 40 }), (bars, size) => {
      const text = formatCsvBars(bars);
      assert.deepEqual(parseCsvBars(text, always), bars);
      const parser = csvBarParser(always);
      const parsed: Bar[] = [];
      for (let at = 0; at < text.length; at += size) parsed.push(...parser.push(text.slice(at, at + size)));
      assert.deepEqual([...parsed, ...parser.end()], bars);
    }),
  );
});

test('the layout of timestamps keeps every digit and no idle zeros', () => {
  const [first] = parseCsvBars(
    `${HEADER}1606780800000,19695.870,1972e1,19578.96,19607.03,794.500517`,
    always,
  );
  assert.deepEqual(first, {
    openMs: 1_606_780_800_000,
    open: '19695.87',
    high: '19720',
    low: '19578.96',
    close: '19607.03',
    volume: '794.500517',
  });
});

test('a date is 00:00 in New York for xnys and 00:00 UTC for always', () => {
  const text =
    '\uFEFFDate,Open,High,Low,Close,Adj Close,Volume\r\n2020-01-31,1,2,0.5,1.5,1.4,10\r\n2020-07-31,1,2,0.5,1.5,1.4,10\r\n';
  const opens = (calendar: 'xnys' | 'always'): string[] =>
    parseCsvBars(text, { calendar }).map((each) => new Date(each.openMs).toISOString());
  assert.deepEqual(opens('xnys'), ['2020-01-31T05:00:00.000Z', '2020-07-31T04:00:00.000Z']);
  assert.deepEqual(opens('always'), ['2020-01-31T00:00:00.000Z', '2020-07-31T00:00:00.000Z']);
});

test('columns may come in any order', () => {
  const [first] = parseCsvBars('volume,close,low,high,open,timestamp\n5,4,3,2,1,60000\n', always);
  assert.deepEqual(first, { openMs: 60_000, open: '1', high: '2', low: '3', close: '4', volume: '5' });
});

test('a value that is not there stays a bar for the quality check to reject', () => {
  const [first] = parseCsvBars(`${HEADER}0,1,2,,null,nan\n`, always);
  assert.deepEqual([first?.low, first?.close, first?.volume], ['NaN', 'NaN', 'NaN']);
});

test('what is wrong is named by line and field', () => {
  const bad: [string, number, string | undefined, RegExp][] = [
    ['', 1, undefined, /empty/],
    ['hello\n', 1, undefined, /timestamp or date/],
    ['timestamp,date,open,high,low,close,volume\n', 1, undefined, /either timestamp or date/],
    ['timestamp,open,high,low,close\n', 1, 'volume', /missing/],
    ['timestamp,open,high,low,close,volume,mood\n', 1, 'mood', /not a known column/],
    ['timestamp,open,open,high,low,close,volume\n', 1, 'open', /twice/],
    [`${HEADER}0,1,2,3,4\n`, 2, undefined, /has 5 fields, must have 6/],
    [`${HEADER}0,1,2,3,4,5\n\n0,1,2,3,4,5\n`, 3, undefined, /has 1 fields/],
    [`${HEADER}0,1,2,x,4,5\n`, 2, 'low', /decimal number, got "x"/],
    [`${HEADER}0,1,2,3,4,0.1234567890123\n`, 2, 'volume', /at most 12 decimals/],
    [`${HEADER}0,1,2,3,4,5\n1.5,1,2,3,4,5\n`, 3, 'timestamp', /Unix milliseconds, got "1.5"/],
    [`${HEADER}99999999999999999,1,2,3,4,5\n`, 2, 'timestamp', /Unix milliseconds/],
    [`${HEADER}${'9'.repeat(5000)}`, 2, undefined, /more than 4096 characters/],
    ['date,open,high,low,close,volume\n2020-02-30,1,2,3,4,5\n', 2, 'date', /must be a date/],
    ['date,open,high,low,close,volume\n01/02/2020,1,2,3,4,5\n', 2, 'date', /must be a date/],
  ];
  for (const [text, line, field, message] of bad) {
    assert.throws(
      () => parseCsvBars(text, always),
      (error) => {
        assert.ok(error instanceof CsvError, String(error));
        assert.deepEqual([error.line, error.field], [line, field]);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});
