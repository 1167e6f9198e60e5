import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QualityThresholds } from '@aistock/shared';
import fc from 'fast-check';
import type { Bar } from '../bar.ts';
import { MONITOR_START, monitorBars, type Finding, type MonitorState } from './monitor-bars.ts';

const MINUTE_MS = 60_000;
const thresholds = QualityThresholds.parse({ window_bars: 20, stale_bars: 3, zero_volume_bars: 3 });
const TERMS = { timeframe: '1m', thresholds } as const;

const bar = (minute: number, close: number, volume = 5 + (minute % 3)): Bar => ({
  openMs: minute * MINUTE_MS,
  open: '1',
  high: '1',
  low: '1',
  close: String(close),
  volume: String(volume),
});
/** Closes that go up and down by about a tenth of a per cent. */
const calm = (count: number): Bar[] =>
  Array.from({ length: count }, (_, minute) => bar(minute, 100 + ((minute * 7) % 5) / 20));
const find = (bars: readonly Bar[]) =>
  monitorBars(bars, TERMS, MONITOR_START).findings.map(({ kind, openMs, bars: found }) => [
    kind,
    openMs / MINUTE_MS,
    found,
  ]);

test('calm bars show nothing', () => {
  assert.deepEqual(find(calm(200)), []);
});

test('a price that jumps is an outlier at its bar, and back again at the next', () => {
  const bars = calm(60).with(40, bar(40, 150));
  assert.deepEqual(find(bars), [
    ['outlier', 40, 1],
    ['outlier', 41, 1],
  ]);
  const [first] = monitorBars(bars, TERMS, MONITOR_START).findings;
  assert.ok(first!.size > 100);
});

test('a night may move the price further than a minute', () => {
  const evening = calm(60);
  const morning = Array.from({ length: 5 }, (_, i) => bar(60 + 16 * 60 + i, 105 + ((i * 7) % 5) / 20));
  assert.deepEqual(find([...evening, ...morning]), []);
  const next = Array.from({ length: 5 }, (_, i) => bar(60 + i, 105 + ((i * 7) % 5) / 20));
  assert.deepEqual(find([...evening, ...next]), [['outlier', 60, 1]]);
});

test('equal closes are a stale run from the third on, which adds all three', () => {
  const bars = calm(50).map((each, minute) => (minute >= 40 && minute < 45 ? bar(minute, 100.5) : each));
  assert.deepEqual(find(bars), [
    ['stale', 42, 3],
    ['stale', 43, 1],
    ['stale', 44, 1],
  ]);
  const { state } = monitorBars(bars.slice(0, 45), TERMS, MONITOR_START);
  assert.deepEqual(state.stale, { bars: 5, fromMs: 40 * MINUTE_MS });
});

test('a volume a thousand times the usual is an anomaly, and so is a thousandth', () => {
  const bars = calm(60)
    .with(40, bar(40, 100.1, 5_000_000))
    .with(50, bar(50, 100.05, 0.000001));
  assert.deepEqual(find(bars), [
    ['volume', 40, 1],
    ['volume', 50, 1],
  ]);
});

test('bars without volume are a run, but not in a stream that never had any', () => {
  const bars = calm(50).map((each, minute) => (minute < 45 ? each : { ...each, volume: '0' }));
  assert.deepEqual(find(bars), [
    ['zero_volume', 47, 3],
    ['zero_volume', 48, 1],
    ['zero_volume', 49, 1],
  ]);
  assert.deepEqual(find(calm(50).map((each) => ({ ...each, volume: '0' }))), []);
});

const anyBars = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 40 }),
      close: fc.constantFrom(100, 100, 100.1, 100.2, 99.9, 500),
      volume: fc.constantFrom(0, 0, 1, 2, 3, 1_000_000),
    }),
    { maxLength: 120 },
  )
  .map((rows) => {
    let minute = 0;
    return rows.map(({ step, close, volume }) => bar((minute += step), close, volume));
  });

test('however bars are cut into calls, and stored in between, the findings are the same', () => {
  fc.assert(
    fc.property(anyBars, fc.array(fc.nat(120), { maxLength: 6 }), (bars, cuts) => {
      const whole = monitorBars(bars, TERMS, MONITOR_START);
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bars.length];
      const findings: Finding[] = [];
      let state: MonitorState = MONITOR_START;
      for (const [index, edge] of edges.slice(1).entries()) {
        const part = monitorBars(bars.slice(edges[index], edge), TERMS, state);
        findings.push(...part.findings);
        state = JSON.parse(JSON.stringify(part.state)) as MonitorState;
      }
      assert.deepEqual(findings, whole.findings);
      assert.deepEqual(state, JSON.parse(JSON.stringify(whole.state)));
    }),
  );
});

test('what is found in a bar does not depend on later bars', () => {
  fc.assert(
    fc.property(anyBars, fc.nat(120), (bars, cut) => {
      const lastMs = bars[cut]?.openMs ?? Infinity;
      const before = monitorBars(bars, TERMS, MONITOR_START).findings.filter(({ openMs }) => openMs < lastMs);
      assert.deepEqual(monitorBars(bars.slice(0, cut), TERMS, MONITOR_START).findings, before);
    }),
  );
});

test('runs are counted as a second, plain count of them says', () => {
  fc.assert(
    fc.property(anyBars, (bars) => {
      const closes = bars.map(({ close }) => close);
      const inRun = closes.filter((close, i) => {
        let [from, to] = [i, i];
        while (closes[from - 1] === close) from--;
        while (closes[to + 1] === close) to++;
        return to - from + 1 >= thresholds.stale_bars;
      });
      const found = monitorBars(bars, TERMS, MONITOR_START).findings.filter(({ kind }) => kind === 'stale');
      assert.equal(
        found.reduce((sum, finding) => sum + finding.bars, 0),
        inRun.length,
      );
    }),
  );
});
