import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bar } from '../bar.ts';
import { checkBars, countRejections, type BarCheck, type RejectionReason } from './check-bars.ts';

const MINUTE_MS = 60_000;
const check: BarCheck = {
  timeframe: '1m',
  calendar: 'always',
  clockMs: 1000 * MINUTE_MS,
  watermarkMs: 10 * MINUTE_MS,
};
const sound = { open: '10', high: '12', low: '9', close: '11', volume: '5' };
const at = (minute: number, rest: Partial<Bar> = {}): Bar => ({
  openMs: minute * MINUTE_MS,
  ...sound,
  ...rest,
});

function reasonOf(bar: Bar): RejectionReason | undefined {
  return checkBars([bar], check).rejected[0]?.reason;
}

test('each fault has its reason', () => {
  assert.equal(reasonOf(at(11)), undefined);
  assert.equal(reasonOf(at(11, { close: 'NaN' })), 'not_a_number');
  assert.equal(reasonOf(at(11, { volume: '1.0' })), 'not_a_number');
  assert.equal(reasonOf(at(Number.NaN)), 'not_a_number');
  assert.equal(reasonOf(at(11.5)), 'misaligned');
  assert.equal(reasonOf(at(11, { low: '0' })), 'non_positive_price');
  assert.equal(reasonOf(at(11, { open: '-10' })), 'non_positive_price');
  assert.equal(reasonOf(at(11, { volume: '-1' })), 'negative_volume');
  assert.equal(reasonOf(at(11, { volume: '0' })), undefined);
  assert.equal(reasonOf(at(11, { high: '10.5' })), 'ohlc_inconsistent');
  assert.equal(reasonOf(at(11, { low: '10.000000000001' })), 'ohlc_inconsistent');
  assert.equal(reasonOf(at(10)), 'before_watermark');
});

test('a bar is open until the clock has reached its end', () => {
  assert.equal(reasonOf(at(999)), undefined);
  assert.equal(reasonOf(at(1000)), 'open_bar');
  const early = checkBars([at(999)], { ...check, clockMs: 1000 * MINUTE_MS - 1 });
  assert.equal(early.rejected[0]?.reason, 'open_bar');
});

test('the first of two bars with one open time stays, and nothing is sorted', () => {
  const bars = [at(20), at(22), at(20), at(22, { volume: '6' }), at(21), at(23)];
  const { accepted, rejected } = checkBars(bars, check);
  assert.deepEqual(accepted, [at(20), at(22), at(23)]);
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ['duplicate_identical', 'duplicate_conflicting', 'out_of_order'],
  );
});

const dailyReason = (text: string, clock: string): RejectionReason | undefined => {
  const bar = { ...sound, openMs: Date.parse(text) };
  const daily: BarCheck = {
    timeframe: '1d',
    calendar: 'xnys',
    clockMs: Date.parse(clock),
    watermarkMs: null,
  };
  return checkBars([bar], daily).rejected[0]?.reason;
};

test('a daily bar of xnys must be a session, and is open until that session closes', () => {
  assert.equal(dailyReason('2024-07-02T04:00:00Z', '2024-07-02T19:59:59Z'), 'open_bar');
  assert.equal(dailyReason('2024-07-02T04:00:00Z', '2024-07-02T20:00:00Z'), undefined);
  assert.equal(dailyReason('2024-07-03T04:00:00Z', '2024-07-03T17:00:00Z'), undefined, 'closes at 13:00');
  assert.equal(dailyReason('2024-07-04T04:00:00Z', '2024-08-01T00:00:00Z'), 'misaligned', 'a holiday');
  assert.equal(dailyReason('2024-07-06T04:00:00Z', '2024-08-01T00:00:00Z'), 'misaligned', 'a Saturday');
  assert.equal(dailyReason('2024-07-02T00:00:00Z', '2024-08-01T00:00:00Z'), 'misaligned', 'midnight of UTC');
});

test('counts say how many and from when', () => {
  const { rejected } = checkBars([at(-0.5, { low: 'NaN' }), at(12, { low: 'NaN' }), at(5), at(6)], check);
  assert.deepEqual(countRejections(rejected), [
    { reason: 'not_a_number', count: 2, firstOpenMs: null },
    { reason: 'before_watermark', count: 2, firstOpenMs: 5 * MINUTE_MS },
  ]);
});

const text = fc.constantFrom('10', '11', '9', '12', '0', '-1', 'NaN');
const anyBar: fc.Arbitrary<Bar> = fc.record({
  openMs: fc.oneof(
    fc.integer({ min: 0, max: 30 }).map((minute) => minute * MINUTE_MS),
    fc.integer({ min: -10, max: 30 * MINUTE_MS }),
    fc.constant(Number.NaN),
  ),
  open: text,
  high: fc.oneof(fc.constant('12'), text),
  low: fc.oneof(fc.constant('9'), text),
  close: text,
  volume: text,
});

test('every bar is either accepted or rejected; the accepted ascend, are aligned, closed and new', () => {
  fc.assert(
    fc.property(fc.array(anyBar), fc.integer({ min: 0, max: 30 }), (bars, minute) => {
      const some = { ...check, clockMs: minute * MINUTE_MS, watermarkMs: 2 * MINUTE_MS };
      const { accepted, rejected } = checkBars(bars, some);
      assert.equal(accepted.length + rejected.length, bars.length);
      const taken = new Set(accepted);
      assert.deepEqual(
        bars.filter((bar) => taken.has(bar)),
        accepted,
        'in the order in which they came',
      );
      for (const [i, bar] of accepted.entries()) {
        assert.ok(i === 0 || accepted[i - 1]!.openMs < bar.openMs);
        assert.equal(bar.openMs % MINUTE_MS, 0);
        assert.ok(bar.openMs > some.watermarkMs && bar.openMs + MINUTE_MS <= some.clockMs);
        const [low, high] = [Number(bar.low), Number(bar.high)];
        for (const price of [Number(bar.open), Number(bar.close)])
          assert.ok(0 < low && low <= price && price <= high);
      }
      const counted = countRejections(rejected).reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, rejected.length);
    }),
  );
});
