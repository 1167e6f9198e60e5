import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CostModel } from '@aistock/shared';
import fc from 'fast-check';
import { BarSeries } from '../../bars/index.ts';
import { SCENARIOS } from './index.ts';
import { insertGaps, scaleVolatility } from './price-scenarios.ts';

const DAY_MS = 86_400_000;
const COSTS: CostModel = {
  fees: { maker_bps: 2, taker_bps: 5, taken_in: 'quote' },
  spread: { type: 'bps', bps: 4 },
  slippage: { type: 'fixed', bps: 1 },
  latency_ms: 100,
  participation_max: null,
};

const decimal = (value: number): string => String(Number(value.toFixed(4)));

/** Bars whose close follows these returns; highs and lows stand a little outside. */
function seriesOf(returns: readonly number[]): BarSeries {
  let price = 100;
  return BarSeries.of(
    returns.map((move, index) => {
      const open = price;
      price *= 1 + move;
      return {
        openMs: index * DAY_MS,
        open: decimal(open),
        high: decimal(Math.max(open, price) * 1.01),
        low: decimal(Math.min(open, price) * 0.99),
        close: decimal(price),
        volume: '1000',
      };
    }),
  );
}

/** Counts up: as good as chance where only repeatability matters. */
function counter(): () => number {
  let state = 0;
  return () => (state = (state + 0.37) % 1);
}

const inputs = (series: BarSeries, fromMs = 0) => ({
  series: new Map([['s', series]]),
  costs: COSTS,
  barMs: DAY_MS,
  fromMs,
  random: counter(),
});

const moves = fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: 30, maxLength: 60 });

test('every scenario leaves bars that are bars, and what was before the period as it was', () => {
  fc.assert(
    fc.property(moves, (returns) => {
      const series = seriesOf(returns);
      for (const { name, apply } of SCENARIOS.values()) {
        const changed = apply(inputs(series, 10 * DAY_MS)).series.get('s')!;
        for (let i = 0; i < changed.length; i++) {
          const [open, high, low, close] = [changed.open, changed.high, changed.low, changed.close].map(
            (column) => column[i]!,
          );
          assert.ok(low! > 0 && low! <= Math.min(open!, close!) && high! >= Math.max(open!, close!), name);
        }
        for (let i = 0; i < 10; i++) assert.deepEqual(changed.exact(i), series.exact(i), name);
      }
    }),
    { numRuns: 50 },
  );
});

test('the same seed gives the same scenario', () => {
  const series = seriesOf(Array.from({ length: 400 }, (_, i) => Math.sin(i) / 50));
  for (const { name, apply } of SCENARIOS.values()) {
    const [first, second] = [apply(inputs(series)), apply(inputs(series))];
    assert.deepEqual(first.costs, second.costs, name);
    assert.deepEqual(first.series.get('s')!.close, second.series.get('s')!.close, name);
  }
});

const logs = (bars: BarSeries): number[] =>
  Array.from({ length: bars.length - 1 }, (_, i) => Math.log(bars.close[i + 1]! / bars.close[i]!));

test('twice the volatility: deviations from the mean return double, the end of the period stays', () => {
  const series = seriesOf(Array.from({ length: 50 }, (_, i) => Math.sin(i) / 20));
  const wild = scaleVolatility(series, 0, 2);
  const [calm, moved] = [logs(series), logs(wild)];
  const mean = calm.reduce((sum, value) => sum + value, 0) / calm.length;
  for (const [i, value] of calm.entries())
    assert.ok(Math.abs(moved[i]! - (mean + 2 * (value - mean))) < 1e-9, String(i));
  assert.ok(Math.abs(wild.close[49]! / series.close[49]! - 1) < 1e-9);
});

test('a gap moves everything from its bar on', () => {
  const series = seriesOf([0, 0, 0, 0]);
  const gapped = insertGaps(series, [2], -0.1);
  assert.deepEqual([...gapped.close.subarray(0, 4)], [100, 100, 90, 90]);
  assert.equal(gapped.open[2], 90);
});

test('missing bars: some are gone, and those that stay are as they were', () => {
  const series = seriesOf(Array.from({ length: 2_000 }, (_, i) => Math.sin(i) / 50));
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const kept = SCENARIOS.get('missing_bars')!
    .apply({ ...inputs(series), random })
    .series.get('s')!;
  const missing = series.length - kept.length;
  assert.ok(missing > 10 && missing < 100, String(missing));
  const times = new Set(series.openMs.subarray(0, series.length));
  for (let i = 0; i < kept.length; i++) assert.ok(times.has(kept.openMs[i]!));
});

test('costs: spread times three, fees times two, orders a bar later', () => {
  const costsOf = (name: string, costs = COSTS) =>
    SCENARIOS.get(name)!.apply({ ...inputs(seriesOf([0])), costs }).costs;
  assert.deepEqual(costsOf('spread_x3').spread, { type: 'bps', bps: 12 });
  assert.deepEqual(costsOf('spread_x3', { ...COSTS, spread: { type: 'range', share: 0.5 } }).spread, {
    type: 'range',
    share: 1,
  });
  assert.deepEqual(costsOf('fee_x2').fees, { maker_bps: 4, taker_bps: 10, taken_in: 'quote' });
  assert.equal(costsOf('delayed_data').latency_ms, 100 + DAY_MS);
});
