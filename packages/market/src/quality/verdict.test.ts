import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityThresholds } from '@aistock/shared';
import { isFault, qualityVerdict, type QualityCounts, type StreamQuality } from './verdict.ts';

const PRESETS = QualityThresholds.parse({});
const counts = (change: Partial<QualityCounts> = {}): QualityCounts => ({
  bars: 1000,
  expectedBars: 1000,
  missingBars: 0,
  findings: {},
  ...change,
});
const clean: StreamQuality = {
  gapMeaning: 'session',
  whole: counts(),
  recent: counts(),
  faultyBars: 0,
  quarantinedFiles: 0,
  staleNowBars: 1,
};
const judge = (change: Partial<StreamQuality>, thresholds = PRESETS) =>
  qualityVerdict({ ...clean, ...change }, thresholds);
const of = (change: Partial<QualityCounts>): Partial<StreamQuality> => ({
  whole: counts(change),
  recent: counts(change),
});

test('a stream without a fault passes', () => {
  assert.deepEqual(judge({}), { verdict: 'pass', reasons: [] });
  const harmless = ['open_bar', 'before_watermark', 'duplicate_identical'] as const;
  assert.deepEqual(harmless.map(isFault), [false, false, false]);
  assert.ok(isFault('ohlc_inconsistent'));
});

test('up to a limit it warns, above it it blocks, and the reason names numbers and limit', () => {
  assert.deepEqual(judge(of({ bars: 950, missingBars: 50 })), {
    verdict: 'warn',
    reasons: ['50 of 1000 expected bars are missing: 5 %, above 0 % warns'],
  });
  assert.deepEqual(judge(of({ bars: 949, missingBars: 51 })), {
    verdict: 'block',
    reasons: ['51 of 1000 expected bars are missing: 5.1 %, above 5 % blocks'],
  });
  assert.equal(judge({ ...of({ bars: 990 }), faultyBars: 10 }).verdict, 'warn');
  assert.equal(judge({ ...of({ bars: 989 }), faultyBars: 11 }).verdict, 'block');
  assert.deepEqual(judge(of({ bars: 0, expectedBars: 0 })), {
    verdict: 'block',
    reasons: ['there are no bars'],
  });
});

test('each kind of finding has its limits', () => {
  for (const kind of ['outlier', 'stale', 'volume', 'zero_volume', 'restated'] as const) {
    const thresholds = QualityThresholds.parse({
      [`${kind}_share_warn`]: 0.001,
      [`${kind}_share_block`]: 0.01,
    });
    const verdictOf = (found: number) => judge(of({ findings: { [kind]: found } }), thresholds).verdict;
    assert.deepEqual(
      [verdictOf(1), verdictOf(2), verdictOf(10), verdictOf(11)],
      ['pass', 'warn', 'warn', 'block'],
    );
  }
});

test('what is wrong with the newest bars is not hidden by a long sound past', () => {
  const whole = counts({ bars: 1_000_000, expectedBars: 1_000_000, findings: { outlier: 100 } });
  const { verdict, reasons } = judge({ whole, recent: counts({ findings: { outlier: 100 } }) });
  assert.equal(verdict, 'block');
  assert.deepEqual(reasons, ['lately 100 of 1000 bars are outliers: 10 %, above 2 % blocks']);
});

test('a close that stands still at the end blocks, for the feed may be frozen', () => {
  assert.equal(judge({ staleNowBars: 119 }).verdict, 'pass');
  assert.deepEqual(judge({ staleNowBars: 120 }), {
    verdict: 'block',
    reasons: ['the close has not changed for the last 120 bars, 120 or more block'],
  });
});

test('a source that makes bars of trades only has no missing bars', () => {
  assert.equal(judge({ ...of({ bars: 500, missingBars: 500 }), gapMeaning: 'trades_only' }).verdict, 'pass');
});

test('every reason is told, and the worst decides', () => {
  const found = { missingBars: 3, findings: { restated: 4 } };
  assert.deepEqual(judge({ ...of(found), quarantinedFiles: 2, faultyBars: 40 }), {
    verdict: 'block',
    reasons: [
      '3 of 1000 expected bars are missing: 0.3 %, above 0 % warns',
      '4 of 1000 bars were restated: 0.4 %, above 0 % warns',
      '40 of 1040 bars were faulty: 3.85 %, above 1 % blocks',
      '2 files are quarantined',
    ],
  });
});
