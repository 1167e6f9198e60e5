import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BarSeries } from '../bars/index.ts';
import {
  BAR_MS,
  barOf,
  enter,
  HOLD,
  leave,
  oneSlot,
  PARAMS,
  scripted,
  signal,
  stream,
} from '../core/desk.fixture.ts';
import { DEFAULT_SELECTION } from '../selection/index.ts';
import { DEFAULT_SIZING } from '../sizing/index.ts';
import { runBacktest } from './index.ts';
import { FREE } from './reference.fixture.ts';

const streams = [stream('BTC/USDT'), stream('ETH/USDT')];

/** Trades the distance of two prices, with a limit order in the one and a bracket in the other. */
const pair = scripted(
  ({ legs: [first, second] }) => {
    const apart = first.bars.close(0) / first.bars.close(3) - second!.bars.close(0) / second!.bars.close(3);
    if (first.position || second!.position) return apart < 0 ? signal('back', leave(0), leave(1)) : HOLD;
    if (apart < 0.01) return HOLD;
    return signal(
      'apart',
      enter({ equityFraction: 0.3, style: { type: 'limit', limitPrice: first.bars.close(0) * 0.999 } }),
      enter({
        leg: 1,
        side: 'sell',
        equityFraction: 0.2,
        protection: { stopPrice: second!.bars.close(0) * 1.02 },
      }),
    );
  },
  { legs: 2, lookbackBars: () => 4 },
);

const setup = oneSlot(pair, {
  streams,
  sizing: { ...DEFAULT_SIZING, tradesMin: 2, updateEveryTrades: 1, volatilityBars: 3, volatilityTarget: 9 },
  selection: { ...DEFAULT_SELECTION, intervalMs: 4 * BAR_MS },
});

function linesOf(prices: readonly (readonly [number, number])[]): string[] {
  const lines: string[] = [];
  const series = new Map(
    streams.map(({ id }, leg) => [
      id,
      {
        series: BarSeries.of(
          prices.map((each, index) => barOf(index * BAR_MS, (each[leg]! / 100).toFixed(2))),
        ),
        warmUp: 0,
      },
    ]),
  );
  runBacktest({
    setup,
    series,
    costs: { ...FREE, fees: { maker_bps: 1, taker_bps: 5, taken_in: 'base' } },
    answers: {
      regimeAt: (_, openMs) => ({
        regime: { modelId: 'm', hmmTrend: Math.sin(openMs), hmmRisk: 0 },
        missing: null,
      }),
      paramsAt: () => ({ params: { ...PARAMS, source: 'chosen' }, missing: null }),
    },
    record: (line) => lines.push(line),
  });
  return lines;
}

const price = fc.integer({ min: 9_500, max: 10_500 });
const prices = fc.array(fc.tuple(price, price), { minLength: 5, maxLength: 80 });

/** The lines of the closes up to a number of bars. */
const upTo = (lines: readonly string[], bars: number): string[] =>
  lines.filter((line) => (JSON.parse(line) as { at_ms: number }).at_ms <= bars * BAR_MS);

test('what is decided up to a time does not change when what comes after is cut off, or is something else', () => {
  let orders = 0;
  fc.assert(
    fc.property(prices, prices, fc.nat(80), (course, noise, nat) => {
      const cut = Math.min(nat, course.length);
      const whole = upTo(linesOf(course), cut);
      orders += whole.filter((line) => line.includes('"leg":"entry"')).length;
      assert.deepEqual(linesOf(course.slice(0, cut)), whole);
      assert.deepEqual(upTo(linesOf([...course.slice(0, cut), ...noise]), cut), whole);
    }),
    { numRuns: 200 },
  );
  assert.ok(orders > 100, `${orders} orders say little`);
});
